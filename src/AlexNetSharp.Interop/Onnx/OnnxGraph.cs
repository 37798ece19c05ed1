namespace AlexNetSharp.Interop.Onnx;

/// <summary>A model as it stands in an ONNX file, checked: every value is defined once, before it is used.</summary>
/// <remarks>
/// Whether the operators are known is looked at when they are evaluated, folded or asked about (<see cref="OnnxOperators"/>), not here.
/// </remarks>
internal sealed record OnnxGraph
{
    /// <summary>The oldest version of the default operator set that is read.</summary>
    public const int OldestOpset = 7;

    /// <summary>The newest version of the default operator set that is read.</summary>
    public const int NewestOpset = 26;

    /// <summary>The file's path or another name, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>The version of the default operator set.</summary>
    public required int Opset { get; init; }

    /// <summary>The operations, each after those whose values it reads.</summary>
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>The constants: what the file calls initializers and, after folding, values computed from them.</summary>
    public required IReadOnlyDictionary<string, OnnxTensor> Initializers { get; init; }

    /// <summary>What the model is given; initializers that a file lists among its inputs are not among these.</summary>
    public required IReadOnlyList<OnnxValueInfo> Inputs { get; init; }

    /// <summary>What the model gives.</summary>
    public required IReadOnlyList<OnnxValueInfo> Outputs { get; init; }

    /// <summary>The model's metadata_props.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>What wrote the file, as it calls itself; may be empty.</summary>
    public string Producer { get; init; } = "";

    /// <summary>Reads a model's file, and the files of its external data from the same folder.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX model, or one that breaks the format or uses what is not read here.</exception>
    public static OnnxGraph Load(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return OnnxGraphReader.Read(file, path, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>Reads a model from memory.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="folder">The folder of external data; null refuses them.</param>
    /// <exception cref="InvalidDataException">It is no ONNX model, or one that breaks the format or uses what is not read here.</exception>
    public static OnnxGraph Parse(byte[] bytes, string name, string? folder = null)
    {
        using MemoryStream stream = new(bytes, writable: false);
        return OnnxGraphReader.Read(stream, name, folder);
    }
}
