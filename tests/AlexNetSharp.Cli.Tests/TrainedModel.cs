using System.Buffers.Binary;
using AlexNetSharp.Data;

namespace AlexNetSharp.Cli.Tests;

/// <summary>A part of MNIST as a directory of IDX files, and one short training run on it that many tests look at.</summary>
public sealed class TrainedModel : IDisposable
{
    // A twelfth of the training pictures is for validation.
    public const int TrainingFileImages = 9_600;
    public const int TrainingImages = 8_800;
    public const int TestImages = 1_000;

    private const int ImageLength = 28 * 28;

    private int _folders;

    public TrainedModel()
    {
        string mnist = Path.Combine(AlexNetCommand.RepositoryRoot, "data", "mnist");
        Directory.CreateDirectory(Data);
        WritePart(mnist, "train", TrainingFileImages);
        Test = WritePart(mnist, "t10k", TestImages);
        Training = AlexNetCommand.Run("train", "--data", Data, "--epochs", "1", "--seed", "7", "--out", Folder);
        Training.AssertDone();
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("alexnet-cli-").FullName;

    /// <summary>The directory of IDX files.</summary>
    public string Data => Path.Combine(Root, "digits");

    /// <summary>The run's folder.</summary>
    public string Folder => Path.Combine(Root, "run");

    public string ModelPath => Path.Combine(Folder, "model.safetensors");

    internal CommandResult Training { get; }

    /// <summary>MNIST's first test pictures with their labels.</summary>
    internal (byte[] Pixels, byte[] Labels) Test { get; }

    /// <summary>A path in a place of its own for one test.</summary>
    public string NewPath(string name) => Path.Combine(NewFolder(), name);

    /// <summary>An empty folder for one test.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Root, $"test-{Interlocked.Increment(ref _folders)}")).FullName;

    /// <summary>A copy of <see cref="Data"/> to be damaged.</summary>
    public string CopyData()
    {
        string directory = NewFolder();
        foreach (string path in Directory.GetFiles(Data))
            File.Copy(path, Path.Combine(directory, Path.GetFileName(path)));
        return directory;
    }

    /// <summary>A directory of pictures that no model here takes.</summary>
    public string WriteTenByTen()
    {
        string directory = NewFolder();
        byte[] labels = [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 10))];
        WriteIdx(directory, "train", 20, 10, new byte[20 * 100], labels);
        WriteIdx(directory, "t10k", 20, 10, new byte[20 * 100], labels);
        return directory;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>Writes pictures and labels as a pair of IDX files.</summary>
    internal static void WriteIdx(string directory, string split, int count, int side, byte[] pixels, byte[] labels)
    {
        byte[] images = new byte[16 + pixels.Length];
        BinaryPrimitives.WriteInt32BigEndian(images, 0x803);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(8), side);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(12), side);
        pixels.CopyTo(images, 16);
        byte[] classes = new byte[8 + labels.Length];
        BinaryPrimitives.WriteInt32BigEndian(classes, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(classes.AsSpan(4), count);
        labels.CopyTo(classes, 8);
        File.WriteAllBytes(Path.Combine(directory, $"{split}-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(directory, $"{split}-labels-idx1-ubyte"), classes);
    }

    private (byte[] Pixels, byte[] Labels) WritePart(string mnist, string split, int count)
    {
        byte[] pixels = IdxReader.ReadImages(Path.Combine(mnist, $"{split}-images-idx3-ubyte.gz")).Pixels[..(count * ImageLength)];
        byte[] labels = IdxReader.ReadLabels(Path.Combine(mnist, $"{split}-labels-idx1-ubyte.gz"))[..count];
        WriteIdx(Data, split, count, 28, pixels, labels);
        return (pixels, labels);
    }
}

/// <summary>The tests that share the run; xunit runs them one after another, so that each has the processors to itself.</summary>
[CollectionDefinition(Name)]
public sealed class TrainedModelTests : ICollectionFixture<TrainedModel>
{
    public const string Name = "trained model";
}
