namespace AlexNetSharp.Data;

/// <summary>A test picture that is one of the others too.</summary>
/// <param name="Test">The test picture.</param>
/// <param name="Other">The first training or validation picture with the same pixels.</param>
public sealed record DuplicatePicture(string Test, string Other);
