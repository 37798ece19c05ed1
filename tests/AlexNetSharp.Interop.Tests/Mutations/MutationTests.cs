using System.Buffers.Binary;
using System.IO.Compression;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Tests.Onnx;
using AlexNetSharp.Interop.Tests.PyTorch;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using Google.Protobuf;
using SkiaSharp;

namespace AlexNetSharp.Interop.Tests.Mutations;

/// <summary>Every reader of files against broken ones. reproduce/mutations/run.sh makes 200,000 of each.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private static readonly ModelSpec _tiny = new()
    {
        Name = "tiny",
        Input = new FeatureShape(3, 3, 1),
        Classes = ["a", "b"],
        Layers = [new Convolution2D { Name = "conv", Filters = 2, Kernel = 3, Stride = 1, Padding = Padding.Valid }, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 2 }],
    };

    [Fact]
    public void SafeTensors()
    {
        using TemporaryDirectory directory = new();
        using Network network = Tiny();
        ModelFile.Save(network, directory.File("full"));
        ModelFile.Save(network, directory.File("half"), WeightPrecision.Half);

        Check("safetensors", path => ModelLoader.Load(path).Dispose(), [File.ReadAllBytes(directory.File("full")), File.ReadAllBytes(directory.File("half"))]);
    }

    [Fact]
    public void PyTorch()
    {
        using TemporaryDirectory directory = new();
        using Network network = Tiny();
        List<byte[]> files = [];
        foreach (CompressionLevel compression in (CompressionLevel[])[CompressionLevel.NoCompression, CompressionLevel.Fastest])
        {
            TorchFile.Save(network, directory.File("weights.pth"), compression);
            files.Add(File.ReadAllBytes(directory.File("weights.pth")));
        }
        foreach (string fixture in (string[])["views.pth", "views-legacy.pth"])
            files.Add(File.ReadAllBytes(Repository.File("tests", "AlexNetSharp.Interop.Tests", "PyTorch", "Fixtures", fixture)));
        ModelSpec views = new()
        {
            Name = "views",
            Input = new FeatureShape(3, 4, 2),
            Classes = ["a", "b"],
            Layers = _tiny.Layers,
        };

        // Each of the two models is refused some files; a file is one of either.
        Check("pth", path => Either(() => ModelLoader.Load(path, _tiny).Dispose(), () => ModelLoader.Load(path, views).Dispose()), [.. files]);
    }

    // Of both layouts, with and without a batch of its own: reading, converting, and the comparison with the file's operators. The last two take pictures
    // of any size, and compute constants, so that a changed number asks for much work and memory.
    [Fact]
    public void Onnx()
    {
        List<byte[]> files = [];
        foreach (string name in (string[])["Rectangles", "AverageWindows", "PictureLayersAfterFlatten", "LeakyAndClip", "Names"])
        {
            using Network network = TestModels.Random(ExportedModels.Find(name));
            files.Add(Exported.Write(network, new() { Opset = 17, WithPreprocessing = true }));
            files.Add(Exported.Write(network, new() { Opset = 10, Layout = OnnxPictureLayout.Nhwc, Batch = 2 }));
        }

        using Network anySize = TestModels.Random(TestModels.Model("AnySize", new(200, 150, 2), 2,
            new Convolution2D { Name = "conv", Filters = 4, Kernel = 3 }, new Relu { Name = "relu" }, new AdaptiveAveragePool2D { Name = "avg", OutputHeight = 1, OutputWidth = 1 },
            new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 2 }));
        files.Add(Exported.Write(anySize, new() { Batch = 1 }));
        files.Add(ComputedConstants());

        Check("onnx", path => OnnxImport.Load(path).Dispose(), [.. files]);
    }

    [Fact]
    public void Idx()
    {
        byte[] images = new byte[16 + (4 * 5 * 6)], labels = [0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4];
        BinaryPrimitives.WriteInt32BigEndian(images, 0x803);
        foreach ((int size, int i) in ((int[])[4, 5, 6]).Select((size, i) => (size, i)))
            BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4 + (4 * i)), size);

        Check("idx", path => Either(() => IdxReader.ReadImages(path), () => IdxReader.ReadLabels(path)), [images, labels, Zip(images), Zip(labels)]);
    }

    [Fact]
    public void Pictures()
    {
        using SKBitmap bitmap = new(13, 11);
        bitmap.Erase(SKColors.Orange);
        bitmap.SetPixel(3, 4, SKColors.Navy);
        List<byte[]> files = [];
        foreach (SKEncodedImageFormat format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp])
        {
            using SKData data = bitmap.Encode(format, 80);
            files.Add(data.ToArray());
        }
        // One red pixel each.
        files.Add([.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24], 0, 0, 255, 0]);
        files.Add([.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]);

        Check("pictures", path => PictureReader.Read(path), [.. files]);
    }

    private static Network Tiny()
    {
        Network network = new(_tiny);
        Initializer.Initialize(network, Initialization.StandardNormal, 1);
        return network;
    }

    // Sizes, weights and biases that the graph computes, some in types that are smaller or larger than those of the result.
    private static byte[] ComputedConstants() => Nodes.Model(
        [-1, 1, 2, 3],
        "y",
        [
            Nodes.Node("Shape", ["x"], "shape"),
            Nodes.Node("Gather", ["shape", "zero"], "size", ("axis", 0L)),
            Nodes.Node("Concat", ["size", "rest"], "target", ("axis", 0L)),
            Nodes.Node("Reshape", ["x", "target"], "flat"),
            Nodes.Node("ConstantOfShape", ["wide"], "ones", ("value", OnnxTensor.FromIntegers(OnnxElementType.Int8, [1], [1]))),
            Nodes.Node("Cast", ["ones"], "weights", ("to", (long)OnnxElementType.Float)),
            Nodes.Node("MatMul", ["flat", "weights"], "product"),
            Nodes.Node("ConstantOfShape", ["classes"], "bias", ("value", OnnxTensor.Of([1], 0.5f))),
            Nodes.Node("Add", ["product", "bias"], "y"),
        ],
        ("zero", OnnxTensor.Of([1], 0L)),
        ("rest", OnnxTensor.Of([1], 6L)),
        ("wide", OnnxTensor.Of([2], 6L, 2L)),
        ("classes", OnnxTensor.Of([1], 2L))).ToByteArray();

    private static byte[] Zip(byte[] content)
    {
        using MemoryStream zipped = new();
        using (GZipStream stream = new(zipped, CompressionLevel.Optimal))
            stream.Write(content);
        return zipped.ToArray();
    }

    private static void Either(Action first, Action second)
    {
        try
        {
            first();
        }
        catch (InvalidDataException)
        {
            second();
        }
    }

    private void Check(string reader, Action<string> read, byte[][] files)
    {
        MutationRun run = new(reader, read);
        run.RunRegressions();
        output.WriteLine(run.Run(files));
    }
}
