using System.Security.Cryptography;

namespace AlexNetSharp.Data.Tests;

/// <summary>A data set small enough to be served by a test: the four files of <see cref="IdxFiles.WriteSet"/>, gzipped.</summary>
internal static class TestDatasets
{
    public const string Name = "tiny";

    public static IReadOnlyDictionary<string, byte[]> Files { get; } = MakeFiles();

    public static DatasetSource Source(params Uri[] mirrors) => new(Name, [.. Files.Select(file => Describe(file.Key, Unzip(file.Value)))], [.. mirrors]);

    /// <summary>A set of one file of noise, which does not compress, so that half of it is half of it.</summary>
    public static (DatasetSource Source, byte[] File) OneFile(params Uri[] mirrors)
    {
        byte[] raw = new byte[300_000];
        new Random(5).NextBytes(raw);
        return (new DatasetSource(Name, [Describe("file.gz", raw)], [.. mirrors]), IdxFiles.Zip(raw));
    }

    private static DatasetFile Describe(string name, byte[] raw) => new(name, raw.Length, Convert.ToHexStringLower(SHA256.HashData(raw)));

    private static Dictionary<string, byte[]> MakeFiles()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        return Directory.GetFiles(directory.Path).ToDictionary(path => Path.GetFileName(path) + ".gz", path => IdxFiles.Zip(File.ReadAllBytes(path)));
    }

    private static byte[] Unzip(byte[] zipped)
    {
        using System.IO.Compression.GZipStream stream = new(new MemoryStream(zipped), System.IO.Compression.CompressionMode.Decompress);
        using MemoryStream raw = new();
        stream.CopyTo(raw);
        return raw.ToArray();
    }
}
