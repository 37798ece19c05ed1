using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx.Messages;
using AlexNetSharp.Models;
using Google.Protobuf;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Writes networks as ONNX models, for inference anywhere: float32, the same function.</summary>
/// <remarks>
/// Nodes are called like the layers, and name, classes and preprocessing stand in the model's metadata, so that <see cref="OnnxImport"/> makes the same
/// model of the file again. The same network and options give the same bytes, and so does what was exported and imported.
/// </remarks>
public static class OnnxExport
{
    /// <summary>The name of the input: float32, what <see cref="Preprocessing"/> makes of pictures.</summary>
    public const string InputName = "input";

    /// <summary>The name of the output: one logit a class.</summary>
    public const string LogitsName = "logits";

    /// <summary>The name of the input with the preprocessing in the graph: uint8, 0 to 255.</summary>
    public const string PixelsName = "pixels";

    /// <summary>The name of the output with the preprocessing in the graph: one probability a class.</summary>
    public const string ProbabilitiesName = "probabilities";

    /// <summary>Writes <paramref name="network"/> to a file that appears whole or not at all (<see cref="DurableFile"/>).</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How; null for <see cref="OnnxExportOptions.Default"/>.</param>
    /// <exception cref="InvalidModelException">A layer cannot be written in that operator set, or the file would be larger than 2 GB, which the format does not allow.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static void Write(Network network, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelProto model = OnnxNetworkWriter.Write(network, options ?? OnnxExportOptions.Default);
        DurableFile.Write(path, model.CalculateSize(), stream => model.WriteTo(stream));
    }

    /// <summary>Writes <paramref name="network"/> to a stream.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="options">How; null for <see cref="OnnxExportOptions.Default"/>.</param>
    /// <exception cref="InvalidModelException">A layer cannot be written in that operator set, or the file would be larger than 2 GB, which the format does not allow.</exception>
    public static void Write(Network network, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        OnnxNetworkWriter.Write(network, options ?? OnnxExportOptions.Default).WriteTo(stream);
    }
}
