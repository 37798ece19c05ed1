namespace AlexNetSharp.Interop.Onnx;

/// <summary>One operation of a graph.</summary>
/// <param name="Name">The node's name; where the file gives none, one made of its operator and its place ("Conv #3").</param>
/// <param name="OpType">The operator, of the default domain.</param>
/// <param name="Inputs">The names of the values it reads; an empty name stands for an optional input that is left out.</param>
/// <param name="Outputs">The names of the values it makes; an empty name stands for an output that nobody wants.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record OnnxNode(
    string Name, string OpType, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, OnnxAttributes Attributes)
{
    /// <summary>The model's file or name, for messages.</summary>
    public string Source { get; init; } = "";

    /// <summary>An error about this node: one line that begins with the model's name, the operator and the node's name.</summary>
    public InvalidDataException Error(string message) => OnnxError.Of($"{(Source.Length > 0 ? $"'{Source}': " : "")}{this}: {message}");

    /// <inheritdoc/>
    public override string ToString() => $"{OpType} '{Name}'";
}
