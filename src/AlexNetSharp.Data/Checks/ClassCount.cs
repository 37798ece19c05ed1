namespace AlexNetSharp.Data;

/// <summary>A class's pictures, without those that cannot be read.</summary>
/// <param name="Name">The class.</param>
/// <param name="Training">Training pictures.</param>
/// <param name="Validation">Validation pictures.</param>
/// <param name="Test">Test pictures.</param>
public sealed record ClassCount(string Name, int Training, int Validation, int Test);
