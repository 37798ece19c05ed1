namespace AlexNetSharp.Execution;

/// <summary>A parameter that <see cref="WeightTransfer"/> left as it was.</summary>
/// <param name="Name">Layer and role: <c>fc3.weight</c>.</param>
/// <param name="Reason">Why, in words without a full stop.</param>
public sealed record LeftParameter(string Name, string Reason);
