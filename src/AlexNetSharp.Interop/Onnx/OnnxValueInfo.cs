namespace AlexNetSharp.Interop.Onnx;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">What its elements are.</param>
/// <param name="Dims">Its dimensions, or null where the file does not say how many there are.</param>
internal sealed record OnnxValueInfo(string Name, OnnxElementType ElementType, IReadOnlyList<OnnxDimension>? Dims)
{
    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' {ElementType.Name()} {(Dims is null ? "of any shape" : OnnxShape.Text(Dims))}";
}
