using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.PyTorch;
using AlexNetSharp.Interop.Weights;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop;

/// <summary>Opens a model with its weights, whoever wrote the file: this software, PyTorch, whoever writes safetensors or ONNX.</summary>
public static class ModelLoader
{
    // Enough to tell the formats.
    private const int StartLength = 9;

    /// <summary>Opens the model in the file <paramref name="path"/>. What it is is told by its content, and by its name where that does not tell.</summary>
    /// <remarks>
    /// Weights without a model's description are taken for those of <paramref name="model"/>: by its own names, by the names that torchvision and others
    /// use, or by the order of the layers, and always by their shapes. The number of classes is that of the weights; where it is not the model's, the
    /// classes are called 0, 1, 2, …. Nothing that a file of PyTorch holds is executed.
    /// </remarks>
    /// <param name="path">A .safetensors file, PyTorch's .pth, .pt or .bin with a state_dict, or an .onnx model.</param>
    /// <param name="model">What the weights are of; null for what the file says, or what the names and shapes tell.</param>
    /// <param name="notice">Told in one line where something about the file was not checked; null for nobody.</param>
    /// <exception cref="InvalidDataException">
    /// The file is broken or holds what is refused, its weights are not those of the model (the message lists what is missing and what is left over), or
    /// no model or more than one is known that they may be of.
    /// </exception>
    /// <exception cref="InvalidModelException">The model does not fit together.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static Network Load(string path, ModelSpec? model = null, Action<string>? notice = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetExtension(path).Equals(OnnxImport.Extension, StringComparison.OrdinalIgnoreCase))
        {
            return model is null
                ? OnnxImport.Load(path, notice)
                : throw new InvalidDataException($"'{path}' is an ONNX model, which says itself what its layers are; '{model.Name}' was given for them. Leave that away.");
        }
        if (IsPyTorch(path))
        {
            using WeightFile weights = WeightFile.OpenPyTorch(path);
            return Load(weights, model);
        }
        // Also what is none of these: the message says so.
        SafeTensorsFile file = SafeTensorsFile.Open(path);
        using (WeightFile weights = WeightFile.Of(path, file))
        {
            if (model is not null || !file.Metadata.ContainsKey(ModelFile.ModelKey))
                return Load(weights, model);
        }
        return ModelFile.Load(path);
    }

    private static bool IsPyTorch(string path)
    {
        Span<byte> start = stackalloc byte[StartLength];
        using FileStream stream = File.OpenRead(path);
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        // Safetensors begin with a length, which may be any bytes; the header after it begins so.
        if (start is [_, _, _, _, _, _, _, _, (byte)'{'])
            return false;
        return PyTorchFile.Suits(start) || Path.GetExtension(path).ToUpperInvariant() is ".PTH" or ".PT" or ".BIN";
    }

    private static Network Load(WeightFile weights, ModelSpec? model)
    {
        if (model is null)
            return Detect(weights).Load();
        WeightMapping mapping = WeightMapping.Find(model, weights, out string? misfit)
            ?? throw BrokenFile.Because($"'{weights.Path}' does not hold the weights of '{model.Name}': {misfit}.");
        return mapping.Load();
    }

    private static WeightMapping Detect(WeightFile weights)
    {
        Dictionary<string, WeightMapping> fitting = [];
        foreach (string name in ModelCatalog.Names)
        {
            if (WeightMapping.Find(ModelCatalog.Create(name), weights, out _) is WeightMapping mapping)
                fitting.Add(name, mapping);
        }
        if (fitting.Count == 1)
            return fitting.Values.Single();
        string problem = fitting.Count == 0
            ? $"fit none of {string.Join(", ", ModelCatalog.Names)}"
            : $"fit {string.Join(" and ", fitting.Keys)} alike";
        throw BrokenFile.Because($"'{weights.Path}' does not say what model its weights are of, and their names and shapes {problem}. Say it: alexnet import {weights.Path} --model NAME|FILE.json --out MODEL.safetensors.");
    }
}
