using AlexNetSharp.Checkpoints;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;
using SkiaSharp;

namespace AlexNetSharp.Server.Tests.Services;

/// <summary>A narrow network that has seen a part of MNIST, in a file, and pictures to ask it about.</summary>
public sealed class SmallModel : IDisposable
{
    private const int Side = 28;
    private const int Width = 4;
    private readonly string _root = Directory.CreateTempSubdirectory("alexnet-services-").FullName;
    private readonly ImageSet _test;

    public SmallModel()
    {
        DataSplits data = new DataCatalog().Load(Path.Combine(RepositoryRoot, "data", "mnist"));
        _test = data.Test;
        TrainingOptions options = Recipe.Default.Options with { Images = 6_400 };
        using ThreadTeam team = new(2);
        using Network network = new(Trainer.Adapt(ModelCatalog.AlexNetMnist(data.Training.ClassNames, Width), data, options, team));
        Trainer.Train(network, data, options, team);
        ModelFile.Save(network, ModelPath);
    }

    public static string RepositoryRoot { get; } = FindRoot();

    public string ModelPath => Path.Combine(_root, "model.safetensors");

    public string NewFile(string name, byte[] content)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, Path.GetRandomFileName())).FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A test picture of MNIST as a PNG file's content.</summary>
    public byte[] Png(int index)
    {
        using SKBitmap bitmap = new(new SKImageInfo(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque));
        _test.Read(index).Pixels.Span.CopyTo(bitmap.GetPixelSpan());
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AlexNetSharp.slnx")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException($"No AlexNetSharp.slnx above '{AppContext.BaseDirectory}'.");
    }
}

/// <summary>The tests that share the model.</summary>
[CollectionDefinition(Name)]
public sealed class SmallModelTests : ICollectionFixture<SmallModel>
{
    public const string Name = "small model";
}
