using AlexNetSharp.Images;

namespace AlexNetSharp.Data.Tests;

public sealed class CifarDirectoryTests : IDisposable
{
    private const int Plane = 32 * 32;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_Cifar10_InterleavesColoursAndKeepsTheOrder()
    {
        WriteCifar10(_directory.Path);

        DataSplits data = CifarDirectory.Load(_directory.Path);

        // Five files of four pictures; the last tenth is for validation.
        Assert.Equal((18, 2, 3), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Equal((3, new ImageSize(32, 32), true), (data.Training.Channels, data.Training.CommonSize, data.Training.IsInMemory));
        Assert.Equal(["cat", "dog", "ship"], data.Training.ClassNames);
        Assert.Equal([0, 1, 2, 0, 1, 2], data.Training.Labels[..6].ToArray());
        byte[] planes = Planes(1005);
        StoredImage picture = data.Training.Read(5);
        Assert.Equal([planes[0], planes[Plane], planes[2 * Plane], planes[1], planes[Plane + 1], planes[(2 * Plane) + 1]], picture.Pixels[..6].ToArray());
        Assert.Equal(planes[Plane - 1], picture.Pixels.Span[^3]);
        Assert.Equal(Planes(1019)[0], data.Validation.Read(1).Pixels.Span[0]);
        Assert.Equal(Planes(2000)[0], data.Test.Read(0).Pixels.Span[0]);
    }

    [Fact]
    public void Load_Cifar100_TakesTheFineLabels()
    {
        string directory = _directory.File("cifar-100-binary");
        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, "train.bin"), [.. Enumerable.Range(0, 10).SelectMany(i => (byte[])[19, (byte)(i % 4), .. Planes(i)])]);
        File.WriteAllBytes(Path.Combine(directory, "test.bin"), [7, 3, .. Planes(50)]);
        File.WriteAllText(Path.Combine(directory, "fine_label_names.txt"), "apple\nbee\ncan\ndolphin\n\n");

        // The folder that the archive makes lies within the one named.
        DataSplits data = CifarDirectory.Load(_directory.Path);

        Assert.Equal((9, 1, 1), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Equal([0, 1, 2, 3, 0], data.Training.Labels[..5].ToArray());
        Assert.Equal("dolphin", data.Test.ClassNames[data.Test.Labels[0]]);
        Assert.Equal(Planes(50)[Plane], data.Test.Read(0).Pixels.Span[1]);
    }

    [Fact]
    public void Load_FileMissing_IsNamed()
    {
        WriteCifar10(_directory.Path);
        File.Delete(_directory.File("data_batch_3.bin"));

        Assert.Contains("found no data_batch_3.bin.", Assert.Throws<FileNotFoundException>(() => CifarDirectory.Load(_directory.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CutOffFile_SaysSo()
    {
        WriteCifar10(_directory.Path);
        using (FileStream file = File.OpenWrite(_directory.File("data_batch_2.bin")))
            file.SetLength(file.Length - 1);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CifarDirectory.Load(_directory.Path));

        Assert.Contains("data_batch_2.bin': expected pictures of 3073 bytes each, found 12291 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LabelWithoutName_SaysWhere()
    {
        WriteCifar10(_directory.Path);
        byte[] content = File.ReadAllBytes(_directory.File("test_batch.bin"));
        content[3073] = 9;
        File.WriteAllBytes(_directory.File("test_batch.bin"), content);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => CifarDirectory.Load(_directory.Path));

        Assert.Contains("test_batch.bin': picture 1 (byte 3073): expected a label from 0 to 2 (3 names in 'batches.meta.txt'), found 9", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NothingThere_NamesTheFiles()
    {
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => CifarDirectory.Load(_directory.Path));

        Assert.Contains("data_batch_1.bin", e.Message, StringComparison.Ordinal);
        Assert.Contains("fine_label_names.txt", e.Message, StringComparison.Ordinal);
    }

    internal static void WriteCifar10(string directory)
    {
        for (int file = 0; file < 5; file++)
            File.WriteAllBytes(Path.Combine(directory, $"data_batch_{file + 1}.bin"), Records(4, file * 4, 1000));
        File.WriteAllBytes(Path.Combine(directory, "test_batch.bin"), Records(3, 0, 2000));
        File.WriteAllText(Path.Combine(directory, "batches.meta.txt"), "cat\ndog\nship\n\n");
    }

    private static byte[] Records(int count, int first, int seed) => [.. Enumerable.Range(first, count).SelectMany(i => (byte[])[(byte)(i % 3), .. Planes(seed + i)])];

    private static byte[] Planes(int seed)
    {
        byte[] planes = new byte[3 * Plane];
        new Random(seed).NextBytes(planes);
        return planes;
    }
}
