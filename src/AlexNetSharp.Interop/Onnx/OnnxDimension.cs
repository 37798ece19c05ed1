namespace AlexNetSharp.Interop.Onnx;

/// <summary>A dimension of a graph's input or output: a number, or free, with or without a name ("batch").</summary>
/// <param name="Value">The size, or null where it is free.</param>
/// <param name="Name">The name of a free dimension, or null.</param>
internal sealed record OnnxDimension(int? Value, string? Name)
{
    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? Name ?? "?";
}
