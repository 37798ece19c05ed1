namespace AlexNetSharp.Interop.PyTorch;

/// <summary>Where the values of storages are read from.</summary>
internal interface IStorageReader
{
    /// <summary>Whether their bytes are in little-endian order.</summary>
    bool IsLittleEndian { get; }

    /// <summary>Makes sure that the file holds the storages, as long as its tensors say that they are.</summary>
    /// <exception cref="InvalidDataException">One is missing, is cut off, or has another length.</exception>
    void Locate(IReadOnlyList<PickledStorage> storages);

    /// <summary>Reads bytes of a storage, from <paramref name="offset"/> on.</summary>
    /// <exception cref="InvalidDataException">The file does not have them.</exception>
    void Read(PickledStorage storage, long offset, Span<byte> destination);
}
