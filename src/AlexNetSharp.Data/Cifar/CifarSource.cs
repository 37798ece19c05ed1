namespace AlexNetSharp.Data;

/// <summary>A set of CIFAR with a name.</summary>
/// <param name="Name">What a user asks for.</param>
/// <param name="Archive">Where it is to be had.</param>
internal sealed record CifarSource(string Name, string Archive);
