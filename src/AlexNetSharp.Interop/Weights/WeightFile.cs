using System.Collections.Immutable;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Interop.PyTorch;

namespace AlexNetSharp.Interop.Weights;

/// <summary>An open file of weights by name, without a description of their model.</summary>
internal sealed class WeightFile : IDisposable
{
    private readonly IDisposable _file;

    private WeightFile(string path, ImmutableArray<NamedTensor> tensors, IDisposable file)
    {
        Path = path;
        Tensors = tensors;
        _file = file;
    }

    public string Path { get; }

    /// <summary>The tensors in the order of the layers, as far as the file tells: that of a state_dict is kept, that of safetensors is by name, with numbers in names as numbers.</summary>
    public ImmutableArray<NamedTensor> Tensors { get; }

    public static WeightFile Of(string path, SafeTensorsFile file) =>
        new(path, [.. file.Tensors.Select(tensor => new NamedTensor(tensor.Name, tensor.Type, tensor.Shape, tensor.Length, values => file.Read(tensor, values))).OrderBy(tensor => tensor.Name, NaturalOrder.Instance)], file);

    /// <exception cref="InvalidDataException">The file is none of PyTorch's, is broken, or holds more than tensors.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static WeightFile OpenPyTorch(string path)
    {
        PyTorchFile file = PyTorchFile.Open(path);
        return new WeightFile(path, file.Tensors, file);
    }

    public void Dispose() => _file.Dispose();
}
