using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Interop.Tests.Onnx;

public sealed class OnnxExportTests
{
    private const int Pictures = 2;

    public static TheoryData<int> Opsets => [.. Enumerable.Range(OnnxExportOptions.OldestOpset, OnnxExportOptions.NewestOpset - OnnxExportOptions.OldestOpset + 1)];

    public static TheoryData<string> Models => ExportedModels.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Write_Model_GivesTheSameLogitsInOnnxRuntime(string name)
    {
        using Network network = TestModels.Random(ExportedModels.Find(name));
        float[] pictures = TestModels.Noise(Pictures * network.Spec.Input.Length), expected = Exported.Logits(network, pictures, Pictures);

        foreach (OnnxPictureLayout layout in Enum.GetValues<OnnxPictureLayout>())
        {
            using InferenceSession session = Exported.Session(Exported.Write(network, new() { Layout = layout }));

            Assert.Equal([OnnxExport.InputName], session.InputNames);
            Assert.Equal([OnnxExport.LogitsName], session.OutputNames);
            Exported.AssertClose(expected, Exported.Run(session, network.Spec.Input, pictures, Pictures, layout));
        }
    }

    // One model with every operator whose form changed from one operator set to another.
    [Theory]
    [MemberData(nameof(Opsets))]
    public void Write_EveryOpset_GivesTheSameLogitsInOnnxRuntime(int opset)
    {
        using Network network = TestModels.Random(Every(countsPaddingAndRoundsUp: opset >= 10));
        float[] pictures = TestModels.Noise(Pictures * network.Spec.Input.Length);

        byte[] bytes = Exported.Write(network, new() { Opset = opset });

        using InferenceSession session = Exported.Session(bytes);
        Exported.AssertClose(Exported.Logits(network, pictures, Pictures), Exported.Run(session, network.Spec.Input, pictures, Pictures, OnnxPictureLayout.Nchw));
        using Network back = Exported.Read(bytes);
        Assert.Equal(bytes, Exported.Write(back, new() { Opset = opset }));
    }

    [Theory]
    [InlineData(7, OnnxPictureLayout.Nchw)]
    [InlineData(13, OnnxPictureLayout.Nhwc)]
    [InlineData(OnnxExportOptions.NewestOpset, OnnxPictureLayout.Nhwc)]
    public void Write_WithPreprocessing_MakesProbabilitiesOfBytes(int opset, OnnxPictureLayout layout)
    {
        ModelSpec spec = ModelCatalog.AlexNetOwt(Mnist.Digits, width: 16);
        using Network network = TestModels.Random(spec);
        byte[] pixels = [.. TestModels.Noise(Pictures * spec.Input.Length).Select(value => (byte)(127.5f + (127 * value)))];
        float[] prepared = [.. pixels.Select((pixel, i) => ((pixel / 255f) - spec.Preprocessing.Mean[i % 3]) / spec.Preprocessing.Deviation[i % 3])];
        float[] expected = new float[Pictures * 10];
        SoftmaxCrossEntropy.Softmax(Exported.Logits(network, prepared, Pictures), expected, 10);
        OnnxExportOptions options = new() { Opset = opset, Layout = layout, WithPreprocessing = true };

        byte[] bytes = Exported.Write(network, options);

        using InferenceSession session = Exported.Session(bytes);
        Assert.Equal([OnnxExport.PixelsName], session.InputNames);
        Assert.Equal([OnnxExport.ProbabilitiesName], session.OutputNames);
        Exported.AssertClose(expected, Exported.Run(session, spec.Input, pixels, Pictures, layout));
        using Network back = Exported.Read(bytes);
        Assert.Equal(spec.Preprocessing, back.Spec.Preprocessing);
        Assert.Equal(bytes, Exported.Write(back, options));
    }

    [Fact]
    public void Write_FixedBatch_TakesNoOther()
    {
        using Network network = TestModels.Random(TestModels.Narrow);

        using InferenceSession session = Exported.Session(Exported.Write(network, new() { Batch = 3 }));

        Assert.Equal([3, 1, 28, 28], session.InputMetadata[OnnxExport.InputName].Dimensions);
        Assert.Equal([3, 10], session.OutputMetadata[OnnxExport.LogitsName].Dimensions);
        Assert.Throws<OnnxRuntimeException>(() => Exported.Run(session, network.Spec.Input, new float[28 * 28], 1, OnnxPictureLayout.Nchw));
    }

    [Fact]
    public void Write_Model_SaysWhatItIs()
    {
        ModelSpec spec = TestModels.Narrow with { Name = "ours", Classes = [.. Enumerable.Range(0, 10).Select(i => $"Ziffer „{i}“")] };
        using Network network = TestModels.Random(spec with { Preprocessing = new Preprocessing { FindsGlyph = true } });

        ModelProto model = ModelProto.Parser.ParseFrom(Exported.Write(network, new() { Opset = 9 }));

        Assert.Equal(4, model.IrVersion);
        Assert.Equal(9, Assert.Single(model.OpsetImport).Version);
        Dictionary<string, string> metadata = model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal("ours", metadata["alexnet.name"]);
        Assert.StartsWith("[\"Ziffer „0“\",", metadata["alexnet.classes"], StringComparison.Ordinal);
        Assert.Contains("\"findsGlyph\":true", metadata["alexnet.preprocessing"], StringComparison.Ordinal);
        Assert.Equal("N", model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal(spec.Layers.Select(layer => layer.Name), model.Graph.Node.Select(node => node.Name));
    }

    // Up to version 3 of the format, constants stand among the inputs.
    [Fact]
    public void Write_OldOpset_ListsConstantsAmongTheInputs()
    {
        using Network network = TestModels.Random(TestModels.Narrow);

        ModelProto model = ModelProto.Parser.ParseFrom(Exported.Write(network, new() { Opset = 8 }));

        Assert.Equal(3, model.IrVersion);
        Assert.Equal(["input", .. model.Graph.Initializer.Select(constant => constant.Name)], model.Graph.Input.Select(input => input.Name));
    }

    [Fact]
    public void Write_AverageThatCountsPaddingAndRoundsUpInOldOpset_IsRefusedWithTheOpsetThatCan()
    {
        using Network network = new(Every(countsPaddingAndRoundsUp: true));

        InvalidModelException refusal = Assert.Throws<InvalidModelException>(() => Exported.Write(network, new() { Opset = 9 }));

        Assert.Contains("'average'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Export to 10", refusal.Message, StringComparison.Ordinal);
    }

    // Rows end with a window that reaches over; columns leave one out that would begin in the padding, which ONNX does not.
    [Fact]
    public void Write_AverageThatRoundsUpOnOneSideOnlyBetweenGaps_IsRefused()
    {
        AveragePool2D pool = new() { Name = "average", Window = 3, Stride = 4, Padding = Padding.All(1), CountsPadding = true, CeilMode = true };
        using Network network = new(TestModels.Model("gaps", new(4, 3, 1), 2, pool, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 2 }));

        Assert.Contains("ONNX cannot say that", Assert.Throws<InvalidModelException>(() => Exported.Write(network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ModelOfMoreThanTwoGigabytes_IsRefused()
    {
        ModelSpec spec = TestModels.Model("large", new(1, 1, 32768), 2, new Dense { Name = "fc1", Units = 16384 }, new Dense { Name = "fc2", Units = 2 });
        using Network network = new(spec);

        InvalidModelException refusal = Assert.Throws<InvalidModelException>(() => Exported.Write(network));

        Assert.Contains("2 GB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Path_LeavesNothingWhereItCannotBeWritten()
    {
        using TemporaryDirectory directory = new();
        using Network network = TestModels.Random(TestModels.Narrow);
        string path = Path.Combine(directory.Path, "model.onnx");

        OnnxExport.Write(network, path);

        Assert.Equal(Exported.Write(network), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(directory.Path));
        Assert.ThrowsAny<IOException>(() => OnnxExport.Write(network, Path.Combine(directory.Path, "missing", "model.onnx")));
    }

    [Theory]
    [InlineData(OnnxExportOptions.OldestOpset - 1)]
    [InlineData(OnnxExportOptions.NewestOpset + 1)]
    public void Opset_OutOfRange_IsRefused(int opset) => Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExportOptions { Opset = opset });

    [Fact]
    public void Batch_Zero_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxExportOptions { Batch = 0 });

    private static ModelSpec Every(bool countsPaddingAndRoundsUp) => TestModels.Model("Every", new(12, 11, 3), 4,
        new Convolution2D { Name = "conv", Filters = 6, Kernel = new(3, 2), Dilation = new(1, 2), Groups = 3 },
        new LeakyRelu { Name = "leaky", Slope = 0.1f },
        new MaxPool2D { Name = "max", Window = 3, Stride = 2, CeilMode = true },
        new LocalResponseNorm { Name = "lrn", Radius = 1, Alpha = 0.5f },
        new Clip { Name = "clip", Minimum = -1, Maximum = 0.75f },
        new AveragePool2D { Name = "average", Window = 3, Stride = 2, Padding = Padding.All(1), CountsPadding = true, CeilMode = countsPaddingAndRoundsUp },
        new Dropout { Name = "drop", Keep = 0.7f },
        new AdaptiveAveragePool2D { Name = "uneven", OutputHeight = 5, OutputWidth = 2 },
        new Sigmoid { Name = "sigmoid" },
        new AdaptiveAveragePool2D { Name = "global", OutputHeight = 1, OutputWidth = 1 },
        new Flatten { Name = "flat" },
        new Dense { Name = "fc1", Units = 8 },
        new Tanh { Name = "tanh" },
        new Convolution2D { Name = "conv2", Filters = 5, Kernel = 1 },
        new Relu { Name = "relu" },
        new Dense { Name = "fc2", Units = 4 });
}
