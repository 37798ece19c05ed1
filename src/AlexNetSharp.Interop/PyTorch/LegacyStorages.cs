using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>
/// The format of <c>torch.save</c> before PyTorch 1.6: pickles of a magic number, a version, the machine's byte order, the tensors and the storages' keys;
/// then each storage's length and bytes.
/// </summary>
internal sealed class LegacyStorages : IStorageReader
{
    private const long Version = 1001;

    private static readonly BigInteger _magic = BigInteger.Parse("01950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _length;
    private readonly string[] _keys;
    private readonly long _dataStart;
    private readonly Dictionary<string, long> _starts = new(StringComparer.Ordinal);

    private LegacyStorages(SafeFileHandle file, string path, string[] keys, long dataStart, bool isLittleEndian)
    {
        (_file, _path, _keys, _dataStart, IsLittleEndian) = (file, path, keys, dataStart, isLittleEndian);
        _length = RandomAccess.GetLength(file);
    }

    public bool IsLittleEndian { get; }

    /// <summary>Reads the pickles, and finds the storages of the tensors in them.</summary>
    /// <exception cref="InvalidDataException">The file is none of PyTorch's, is broken, or holds more than tensors.</exception>
    public static (object? Pickle, IStorageReader Storages) Read(FileStream stream, string path)
    {
        string name = $"'{path}'";
        stream.Position = 0;
        if (PickleReader.Read(stream, name) is not BigInteger magic || magic != _magic)
            throw BrokenFile.Because($"{name}, offset 0: a pickle that does not begin with PyTorch's magic number. Expected a file of torch.save.");
        long offset = stream.Position;
        if (PickleReader.Read(stream, name) is not Version)
            throw BrokenFile.Because($"{name}, offset {offset}: the version of the format is not {Version}, the only one that there was.");
        offset = stream.Position;
        if (PickleReader.Read(stream, name) is not PickleDictionary machine || machine.Find("little_endian") is not bool isLittleEndian)
            throw BrokenFile.Because($"{name}, offset {offset}: the pickle does not say the byte order; expected a dictionary with 'little_endian'.");
        object? pickle = PickleReader.Read(stream, name);
        offset = stream.Position;
        if (PickleReader.Read(stream, name) is not List<object?> keys || keys.Any(key => key is not string))
            throw BrokenFile.Because($"{name}, offset {offset}: the pickle is no list of the storages' keys; expected one.");
        return (pickle, new LegacyStorages(stream.SafeFileHandle, path, [.. keys.Cast<string>()], stream.Position, isLittleEndian));
    }

    /// <inheritdoc/>
    // The sizes of values, and so where the next storage begins, are told by the tensors that look into them.
    public void Locate(IReadOnlyList<PickledStorage> storages)
    {
        Dictionary<string, PickledStorage> known = new(StringComparer.Ordinal);
        foreach (PickledStorage storage in storages)
        {
            if (known.TryGetValue(storage.Key, out PickledStorage? other) && (other.Type != storage.Type || other.Length != storage.Length))
                throw BrokenFile.Because($"'{_path}': storage '{storage.Key}' is said to have {other.Length} values of {other.Type.Name} and {storage.Length} of {storage.Type.Name}; expected one of them.");
            known[storage.Key] = storage;
        }
        long at = _dataStart;
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (string key in _keys)
        {
            if (!known.TryGetValue(key, out PickledStorage? storage))
                throw BrokenFile.Because($"'{_path}', offset {at}: no tensor looks into storage '{key}', so its length is not known. Expected the tensors of every storage.");
            if (!RangeStream.TryFill(_file, at, count))
                throw BrokenFile.Because($"'{_path}', offset {at}: the file ends; expected storage '{key}'. It was cut off.");
            long found = IsLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(count) : BinaryPrimitives.ReadInt64BigEndian(count);
            long bytes = storage.Length * storage.Type.Size;
            if (found != storage.Length || bytes > _length - at - sizeof(long))
                throw BrokenFile.Because($"'{_path}', offset {at}: storage '{key}' has {found} values, and {_length - at - sizeof(long)} bytes follow; expected {storage.Length} values of {storage.Type.Name}.");
            if (!_starts.TryAdd(key, at + sizeof(long)))
                throw BrokenFile.Because($"'{_path}', offset {at}: storage '{key}' is there twice; expected once.");
            at += sizeof(long) + bytes;
        }
        foreach (string key in known.Keys.Where(key => !_starts.ContainsKey(key)))
            throw BrokenFile.Because($"'{_path}': storage '{key}' of a tensor is not in the file.");
    }

    public void Read(PickledStorage storage, long offset, Span<byte> destination)
    {
        if (!RangeStream.TryFill(_file, _starts[storage.Key] + offset, destination))
            throw BrokenFile.Because($"'{_path}', offset {_starts[storage.Key] + offset}: the file ends within storage '{storage.Key}'.");
    }
}
