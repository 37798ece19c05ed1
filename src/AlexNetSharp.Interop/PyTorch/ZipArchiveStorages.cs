using Microsoft.Win32.SafeHandles;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>The format of <c>torch.save</c> since PyTorch 1.6: a zip archive of a pickle and one file a storage.</summary>
internal sealed class ZipArchiveStorages : IStorageReader
{
    private const string PickleName = "/data.pkl";
    private const int MaximalPickle = 1 << 26;

    private readonly ZipReader _zip;
    private readonly string _path;
    private readonly string _folder;

    private ZipArchiveStorages(ZipReader zip, string path, string folder)
    {
        _zip = zip;
        _path = path;
        _folder = folder;
        IsLittleEndian = zip.Find($"{folder}/byteorder") is not ZipEntry order || Text(order) switch
        {
            "little" => true,
            "big" => false,
            string other => throw BrokenFile.Because($"'{path}': '{order.Name}' holds '{other}'; expected little or big."),
        };
    }

    public bool IsLittleEndian { get; }

    /// <summary>Reads the pickle.</summary>
    /// <exception cref="InvalidDataException">The archive is none of PyTorch's, is broken, or holds more than tensors.</exception>
    public static (object? Pickle, IStorageReader Storages) Read(SafeFileHandle file, string path)
    {
        ZipReader zip = new(file, path);
        ZipEntry[] pickles = [.. zip.Entries.Where(entry => entry.Name.EndsWith(PickleName, StringComparison.Ordinal) && entry.Name.IndexOf('/') == entry.Name.Length - PickleName.Length)];
        if (pickles is not [ZipEntry pickle])
            throw BrokenFile.Because($"'{path}' is a zip archive with {pickles.Length} files 'NAME{PickleName}'; expected 1, as torch.save writes it.");
        if (pickle.Length > MaximalPickle)
            throw BrokenFile.Because($"'{path}': '{pickle.Name}' has {pickle.Length} bytes; expected {MaximalPickle} at most.");
        byte[] bytes = new byte[pickle.Length];
        zip.Read(pickle, 0, bytes);
        ZipArchiveStorages storages = new(zip, path, pickle.Name[..^PickleName.Length]);
        return (PickleReader.Read(new MemoryStream(bytes), $"'{path}', '{pickle.Name}'"), storages);
    }

    public void Locate(IReadOnlyList<PickledStorage> storages)
    {
        foreach (PickledStorage storage in storages)
        {
            ZipEntry entry = Entry(storage);
            if (entry.Length != storage.Length * storage.Type.Size)
                throw BrokenFile.Because($"'{_path}': '{entry.Name}' has {entry.Length} bytes; expected {storage.Length * storage.Type.Size}, {storage.Length} values of {storage.Type.Name}.");
        }
    }

    public void Read(PickledStorage storage, long offset, Span<byte> destination) => _zip.Read(Entry(storage), offset, destination);

    private ZipEntry Entry(PickledStorage storage)
    {
        string name = $"{_folder}/data/{storage.Key}";
        return _zip.Find(name) ?? throw BrokenFile.Because($"'{_path}' lacks '{name}', the storage of a tensor.");
    }

    private string Text(ZipEntry entry)
    {
        byte[] bytes = new byte[Math.Min(entry.Length, 16)];
        _zip.Read(entry, 0, bytes);
        return System.Text.Encoding.ASCII.GetString(bytes).TrimEnd();
    }
}
