using System.Collections.Immutable;
using AlexNetSharp.Interop.Weights;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>An open file that <c>torch.save</c> wrote: a state_dict, alone or in what a training script put around it.</summary>
internal sealed class PyTorchFile : IDisposable
{
    private readonly FileStream _stream;

    private PyTorchFile(FileStream stream, string path)
    {
        _stream = stream;
        Span<byte> start = stackalloc byte[4];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        (object? pickle, IStorageReader storages) = IsZip(start[..read]) ? ZipArchiveStorages.Read(stream.SafeFileHandle, path) : LegacyStorages.Read(stream, path);
        List<(string Name, PickledTensor Tensor)> found = StateDictionary.Find(pickle, path);
        storages.Locate(Storages(pickle));
        Tensors = [.. found.Select(item => new NamedTensor(
            item.Name, item.Tensor.Storage.Type.Name, [.. item.Tensor.Shape], item.Tensor.Storage.ViewLength, values => TensorValues.Read(item.Tensor, storages, $"'{path}': tensor '{item.Name}'", values)))];
    }

    /// <summary>The tensors, in the order of the state_dict.</summary>
    public ImmutableArray<NamedTensor> Tensors { get; }

    /// <summary>Whether a file that begins so may be one of PyTorch's: a zip archive, or a binary pickle.</summary>
    public static bool Suits(ReadOnlySpan<byte> start) => IsZip(start) || (start.Length >= 2 && start[0] == PickleOpcode.Proto && start[1] is >= 2 and <= 5);

    /// <exception cref="InvalidDataException">The file is none of PyTorch's, is broken, or holds more than tensors.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PyTorchFile Open(string path)
    {
        FileStream stream = File.OpenRead(path);
        try
        {
            return new PyTorchFile(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    private static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\x3\x4"u8);

    // Of all tensors, also of those that are not the model's. What refers to itself, or to the same twice, is looked at once.
    private static List<PickledStorage> Storages(object? root)
    {
        List<PickledStorage> storages = [];
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<object?> open = new([root]);
        while (open.TryPop(out object? value))
        {
            if (value is null || !seen.Add(value))
                continue;
            switch (value)
            {
                case PickledTensor tensor:
                    storages.Add(tensor.Storage);
                    break;
                case PickledStorage storage:
                    storages.Add(storage);
                    break;
                case PickleDictionary dictionary:
                    dictionary.Items.ForEach(item => open.Push(item.Value));
                    break;
                case IEnumerable<object?> items:
                    foreach (object? item in items)
                        open.Push(item);
                    break;
            }
        }
        return storages;
    }
}
