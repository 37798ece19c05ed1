using AlexNetSharp.Checkpoints;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Checkpoints;

public sealed class DurableFileTests
{
    [Fact]
    public void Write_WriterFails_LeavesTheFileOfBeforeAndNothingElse()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("file", [1, 2, 3]);

        Assert.Throws<InvalidOperationException>(() => DurableFile.Write(path, 10, stream =>
        {
            stream.WriteByte(9);
            throw new InvalidOperationException();
        }));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void Write_OverAFile_ReplacesIt()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("file", [1, 2, 3]);

        DurableFile.Write(path, [4, 5]);

        Assert.Equal([4, 5], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void Write_MoreThanTheDiskHolds_SaysWhichFileAndHowMuchWasNeeded()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("file", [1, 2, 3]);
        // More than any disk that tests run on has free.
        const long Length = 1L << 60;

        IOException e = Assert.Throws<IOException>(() => DurableFile.Write(path, Length, _ => { }));

        Assert.StartsWith($"'{path}' could not be written: it takes {Length} bytes, and ", e.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void Append_BytesAfterBytes_AddsThem()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("file", [1]);
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            DurableFile.Append(file, [2]);
            DurableFile.Append(file, [3, 4]);
        }

        Assert.Equal([1, 2, 3, 4], File.ReadAllBytes(path));
    }

    [Fact]
    public void DeleteTemporary_AfterAKill_LeavesOnlyWholeFiles()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("file", [1]);
        directory.Write("file.tmp", [1]);

        DurableFile.DeleteTemporary(directory.Path);
        DurableFile.DeleteTemporary(directory.File("none"));

        Assert.Equal([path], Directory.GetFiles(directory.Path));
    }
}
