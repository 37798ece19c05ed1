namespace AlexNetSharp.Checkpoints;

/// <summary>Reads whole safetensors files, trusting nothing in them. <see cref="SafeTensorsFile"/> reads one tensor at a time.</summary>
public static class SafeTensorsReader
{
    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// The file breaks the format, or holds values that are neither float32, float16 nor bfloat16; the message gives path, offset, what was found and
    /// what was expected.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensorsContent Read(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        return Read(file);
    }

    /// <summary>Reads a seekable stream from its start.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What messages call them.</param>
    /// <exception cref="InvalidDataException">The bytes break the format.</exception>
    public static SafeTensorsContent Read(Stream stream, string name)
    {
        using SafeTensorsFile file = new(stream, name, ownsStream: false);
        return Read(file);
    }

    private static SafeTensorsContent Read(SafeTensorsFile file) =>
        new([.. file.Tensors.Select(tensor => new SafeTensor(tensor.Name, tensor.Shape, file.Read(tensor)))], file.Metadata);
}
