using AlexNetSharp.Models;

namespace AlexNetSharp.Server;

/// <summary>What the tensors of a model are called, and their types.</summary>
internal static class TensorNames
{
    /// <summary>The values that the model takes, preprocessed: [N, height, width, channels].</summary>
    public const string Input = "input";

    /// <summary>Instead of <see cref="Input"/>: bytes of pictures of the input's size, which the server preprocesses.</summary>
    public const string Pixels = "pixels";

    /// <summary>What the last layer gives: [N, classes].</summary>
    public const string Logits = "logits";

    /// <summary>Softmax of <see cref="Logits"/>: [N, classes].</summary>
    public const string Probabilities = "probabilities";

    public const string Float = "FP32";

    public const string Byte = "UINT8";

    /// <summary>The input's shape for people: <c>[N,28,28,1]</c>.</summary>
    public static string ShapeOf(FeatureShape input) => $"[N,{input.Height},{input.Width},{input.Channels}]";
}
