using AlexNetSharp.Execution;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>A graph as a network, and what one needs to know to compare the two.</summary>
/// <param name="Network">The network.</param>
/// <param name="InputForm">How the graph's input holds a picture.</param>
/// <param name="Batch">Pictures that the graph takes at a time, or any number where that is free.</param>
/// <param name="Scaling">What the graph does to a picture's values first.</param>
/// <param name="Logits">The graph's value that the network's output is.</param>
internal sealed record OnnxConversion(Network Network, OnnxForm InputForm, int Batch, OnnxInputScaling Scaling, string Logits);
