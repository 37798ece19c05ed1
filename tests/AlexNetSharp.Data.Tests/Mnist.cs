namespace AlexNetSharp.Data.Tests;

/// <summary>The MNIST that lies in the repository.</summary>
internal static class Mnist
{
    public static string Directory { get; } = Find();

    public static IdxImages TestImages { get; } = IdxReader.ReadImages(Path.Combine(Directory, "t10k-images-idx3-ubyte.gz"));

    /// <summary>Test picture <paramref name="index"/>, 28x28, 0 to 255.</summary>
    public static byte[] TestImage(int index) => TestImages.Pixels[(index * 784)..((index + 1) * 784)];

    private static string Find()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string candidate = Path.Combine(directory.FullName, "data", "mnist");
            if (System.IO.Directory.Exists(candidate))
                return candidate;
        }
        throw new DirectoryNotFoundException($"No data/mnist above '{AppContext.BaseDirectory}'.");
    }
}
