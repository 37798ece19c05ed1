using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Reads ONNX models as networks that can be evaluated, trained further and written again.</summary>
/// <remarks>
/// Read are chains of layers: convolutions, poolings, normalisation, dense layers and what stands between them, in NCHW or NHWC, from operator set
/// <see cref="OnnxExportOptions.OldestOpset"/> to <see cref="OnnxExportOptions.NewestOpset"/>. A final softmax is left out: a network gives logits. Names of
/// classes and preprocessing come from the metadata of files that this software wrote; what another's graph does to a picture first becomes preprocessing.
/// </remarks>
public static class OnnxImport
{
    /// <summary>The extension of ONNX files.</summary>
    public const string Extension = ".onnx";

    /// <summary>Reads a model, and compares what it gives for one picture with what the file's operators give.</summary>
    /// <param name="path">The file; its external data lie in the same folder.</param>
    /// <param name="notice">Told in one line where that comparison is left out, because it would take too long.</param>
    /// <exception cref="InvalidDataException">The file is broken, uses what is not supported, or is no chain of layers; the message names operator and node.</exception>
    /// <exception cref="InvalidModelException">A layer cannot do what is asked of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Network Load(string path, Action<string>? notice = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(OnnxGraph.Load(path), Path.GetFileNameWithoutExtension(path), notice);
    }

    /// <summary>Makes a network of a graph.</summary>
    internal static Network Read(OnnxGraph graph, string name, Action<string>? notice)
    {
        OnnxConversion conversion = OnnxNetworkReader.Read(graph, string.IsNullOrWhiteSpace(name) ? "onnx" : name);
        try
        {
            OnnxConversionCheck.Require(graph, conversion, notice);
            return conversion.Network;
        }
        catch
        {
            conversion.Network.Dispose();
            throw;
        }
    }
}
