using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Interop.Tests.Onnx;

public sealed class OnnxImportTests
{
    private static readonly long[] ToNchw = [0, 3, 1, 2];
    private static readonly long[] ToNhwc = [0, 2, 3, 1];

    [Fact]
    public void Read_PyTorchsConvolutionNormActivation_TakesTheNormIntoTheWeights()
    {
        ForeignGraph graph = new(17, 3, 11, 9);
        graph.Add("Conv", "/features/0/Conv", ["x", graph.Random(8, 3, 3, 3)], ("kernel_shape", Longs(3, 3)), ("pads", Longs(1, 1, 1, 1)), ("strides", Longs(2, 2)));
        Norm(graph, 8).Add("Relu").Add("MaxPool", null, ("kernel_shape", Longs(3, 3)), ("strides", Longs(2, 2)), ("ceil_mode", 1L))
            .Add("Dropout").Add("Flatten", null, ("axis", 1L)).Add("Gemm", [graph.Random(5, 8 * 3 * 2), graph.Random(5)], ("transB", 1L));

        using Network network = graph.Import();

        Assert.Equal(["Convolution", "ReLU", "Max pooling", "Dropout", "Flatten", "Dense"], network.Spec.Layers.Select(layer => layer.Kind));
        Assert.Equal("/features/0/Conv", network.Spec.Layers[0].Name);
        Assert.Equal("/features/0/Conv.weight", network.Parameters[0].Name);
        Assert.Equal(["0", "1", "2", "3", "4"], network.Spec.Classes);
        Assert.Equal(Preprocessing.None, network.Spec.Preprocessing);
    }

    // x.view(x.size(0), -1), as PyTorch traces it.
    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    public void Read_PyTorchsView_IsFlattening(int opset)
    {
        ForeignGraph graph = new(opset, 2, 4, 5);
        graph.Add("Conv", [graph.Random(3, 2, 3, 3), graph.Random(3)]).Add("Relu");
        string picture = graph.Value;
        graph.Add("Shape").Add("Gather", [OnnxTensor.Of([], 0L)], ("axis", 0L));
        graph = opset < 13 ? graph.Add("Unsqueeze", null, ("axes", Longs(0))) : graph.Add("Unsqueeze", [OnnxTensor.Of([1], 0L)]);
        graph.Add("Concat", [OnnxTensor.Of([1], -1L)], ("axis", 0L));
        string shape = graph.Value;
        graph.From(picture).Add("Reshape", [shape]).Add("Gemm", [graph.Random(4, 18), graph.Random(4)], ("transB", 1L));

        using Network network = graph.Import();

        Assert.Equal(["Convolution", "ReLU", "Flatten", "Dense"], network.Spec.Layers.Select(layer => layer.Kind));
    }

    // As tf2onnx writes it: NHWC outside, NCHW around what needs it, ZeroPadding2D as Pad, dense layers as MatMul and Add, probabilities at the end.
    [Fact]
    public void Read_KerasModel_GivesItsLogits()
    {
        ForeignGraph graph = new(15, 9, 8, 3);
        graph.Add("Pad", [OnnxTensor.Of([8], 0L, 1, 2, 0, 0, 0, 1, 0), OnnxTensor.Of([], 0f)]).Add("Transpose", null, ("perm", ToNchw))
            .Add("Conv", [graph.Random(6, 3, 3, 3), graph.Random(6)], ("auto_pad", "VALID"), ("strides", Longs(2, 1)));
        Norm(graph, 6).Add("Relu").Add("MaxPool", null, ("kernel_shape", Longs(2, 2)), ("auto_pad", "SAME_UPPER"), ("strides", Longs(2, 2)))
            .Add("Transpose", null, ("perm", ToNhwc)).Add("Reshape", [OnnxTensor.Of([2], -1L, 2 * 5 * 6)])
            .Add("MatMul", [graph.Random(60, 7)]).Add("Add", [graph.Random(7)]).Add("Sigmoid").Add("MatMul", [graph.Random(7, 4)]).Add("Add", [graph.Random(1, 4)]);
        using Network logits = graph.Import();

        using Network network = Exported.Read(graph.Add("Softmax", null, ("axis", -1L)).Bytes());

        Assert.Equal(new FeatureShape(9, 8, 3), network.Spec.Input);
        Assert.Equal(["Convolution", "ReLU", "Max pooling", "Flatten", "Dense", "Sigmoid", "Dense"], network.Spec.Layers.Select(layer => layer.Kind));
        Assert.Equal(Padding.Explicit(1, 2, 0, 1), Assert.IsType<Convolution2D>(network.Spec.Layers[0]).Padding);
        Assert.Equal(logits.Spec.Layers, network.Spec.Layers);
    }

    // Of grey pictures tf2onnx makes NCHW by a Reshape.
    [Fact]
    public void Read_KerasModelOfGreyPictures_ReadsReshapesAsTransposes()
    {
        ForeignGraph graph = new(13, 6, 5, 1);
        graph.Add("Reshape", [OnnxTensor.Of([4], -1L, 1, 6, 5)]).Add("Conv", [graph.Random(2, 1, 3, 3)], ("auto_pad", "SAME_LOWER"), ("kernel_shape", Longs(3, 3)))
            .Add("GlobalAveragePool").Add("Squeeze", [OnnxTensor.Of([2], 2L, 3)]).Add("MatMul", [graph.Random(2, 3)]);

        using Network network = graph.Import();

        Assert.Equal(new FeatureShape(6, 5, 1), network.Spec.Input);
        Assert.Equal(["Convolution", "Average pooling", "Flatten", "Dense"], network.Spec.Layers.Select(layer => layer.Kind));
    }

    [Theory]
    [InlineData(1L, 0L)]
    [InlineData(1L, 1L)]
    [InlineData(0L, 0L)]
    public void Read_Gemm_FollowsItsFactors(long transB, long scalarSummand)
    {
        ForeignGraph graph = new(11, 6);
        graph.Add(
            "Gemm", [transB == 1 ? graph.Random(4, 6) : graph.Random(6, 4), scalarSummand == 1 ? graph.Random() : graph.Random(1, 4)],
            ("alpha", 0.5f), ("beta", -2f), ("transB", transB));

        using Network network = graph.Import();

        Assert.Equal("Dense", Assert.Single(network.Spec.Layers).Kind);
    }

    [Fact]
    public void Read_ConstantsAfterLayersWithoutWeights_AreALayerOfTheirOwn()
    {
        ForeignGraph graph = new(14, 3, 6, 6);
        graph.Add("MaxPool", null, ("kernel_shape", Longs(2, 2))).Add("Mul", [graph.Random(3, 1, 1)]).Add("Add", [graph.Random(1, 3, 1, 1)]).Add("Tanh").Add("Flatten");
        Norm(graph, 75).Add("Div", "halved", [graph.Value, OnnxTensor.Of([1], 2f)]).Add("Gemm", [graph.Random(75, 4)]).Add("Sub", "from", [OnnxTensor.Of([], 1f), "v7"]);

        using Network network = graph.Import();

        Assert.Equal(["Max pooling", "Convolution", "Tanh", "Flatten", "Convolution", "Dense"], network.Spec.Layers.Select(layer => layer.Kind));
        Assert.Equal(75, Assert.IsType<Convolution2D>(network.Spec.Layers[4]).Groups);
    }

    [Fact]
    public void Read_PadBeforePooling_IsTakenOver()
    {
        ForeignGraph graph = new(19, 2, 7, 7);
        graph.Add("Relu").Add("Pad", [OnnxTensor.Of([4], 1L, 0, 1, 1), "", OnnxTensor.Of([2], 2L, 3)]).Add("MaxPool", null, ("kernel_shape", Longs(3, 3)), ("strides", Longs(2, 2)))
            .Add("Pad", [OnnxTensor.Of([8], 0L, 0, 1, 1, 0, 0, 1, 1)]).Add("AveragePool", null, ("kernel_shape", Longs(3, 3)), ("strides", Longs(2, 2)))
            .Add("Flatten").Add("MatMul", [graph.Random(2 * 2 * 2, 3)]);

        using Network network = graph.Import();

        Assert.Equal(Padding.Explicit(1, 0, 1, 1), Assert.IsType<MaxPool2D>(network.Spec.Layers[1]).Padding);
        Assert.True(Assert.IsType<AveragePool2D>(network.Spec.Layers[2]).CountsPadding);
    }

    [Fact]
    public void Read_OtherLayers_KeepTheirSettings()
    {
        ForeignGraph graph = new(12, 5, 8, 8);
        graph.Add("LRN", null, ("size", 5L), ("alpha", 0.9f), ("bias", 1.5f)).Add("Conv", [graph.Random(10, 1, 2, 3)], ("group", 5L), ("dilations", Longs(2, 1)), ("pads", Longs(0, 2, 1, 0)))
            .Add("Clip", ["", OnnxTensor.Of([], 0.4f)]).Add("LeakyRelu", null, ("alpha", 0.3f)).Add("AveragePool", null, ("kernel_shape", Longs(2, 3)), ("strides", Longs(2, 2)), ("ceil_mode", 1L))
            .Add("Dropout", [OnnxTensor.Of([], 0.25f), OnnxTensor.FromIntegers(OnnxElementType.Bool, [], [0])]).Add("Identity").Add("Flatten").Add("Gemm", [graph.Random(10 * 4 * 4, 3)]);

        using Network network = graph.Import();

        LocalResponseNorm norm = Assert.IsType<LocalResponseNorm>(network.Spec.Layers[0]);
        Assert.Equal((2, 1.5f, 0.9f, 0.75f), (norm.Radius, norm.Bias, norm.Alpha * 5, norm.Beta));
        Convolution2D convolution = Assert.IsType<Convolution2D>(network.Spec.Layers[1]);
        Assert.Equal((5, new Size2D(2, 1), Padding.Explicit(0, 2, 1, 0)), (convolution.Groups, convolution.Dilation, convolution.Padding));
        Assert.Equal((float.MinValue, 0.4f), (Assert.IsType<Clip>(network.Spec.Layers[2]).Minimum, Assert.IsType<Clip>(network.Spec.Layers[2]).Maximum));
        Assert.Equal(0.3f, Assert.IsType<LeakyRelu>(network.Spec.Layers[3]).Slope);
        Assert.Equal(0.75f, Assert.IsType<Dropout>(network.Spec.Layers[5]).Keep);
    }

    [Fact]
    public void Read_HalfPrecision_BecomesFloat32()
    {
        ForeignGraph graph = new(17, OnnxElementType.Float16, -1, 2, 5, 5);
        graph.Add("Conv", [Half(graph.Random(4, 2, 3, 3))]).Add("Relu").Add("Flatten").Add("Gemm", [Half(graph.Random(36, 3))]).Add("Cast", null, ("to", 1L));

        using Network network = Exported.Read(graph.Bytes());

        Assert.Equal(4, network.Spec.Layers.Length);
    }

    public static TheoryData<string, bool, float[], float[]> Scalings => new()
    {
        // (byte / 255 − mean) / deviation.
        { "torchvision", true, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f] },
        // byte / 127.5 − 1, of floating-point numbers that are bytes all the same.
        { "keras", true, [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f] },
        // Bytes less their mean, as Caffe has it.
        { "caffe", true, [123 / 255f, 117 / 255f, 104 / 255f], [1 / 255f, 1 / 255f, 1 / 255f] },
        // Of numbers from 0 to 1.
        { "unit", false, [0.5f, 0.25f, 0.125f], [0.5f, 0.5f, 0.5f] },
    };

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Read_ScalingOfTheInput_IsPreprocessing(string kind, bool isBytes, float[] mean, float[] deviation)
    {
        ForeignGraph graph = new(13, kind == "torchvision" ? OnnxElementType.UInt8 : OnnxElementType.Float, -1, kind == "torchvision" ? [4, 4, 3] : [3, 4, 4]);
        _ = kind switch
        {
            "torchvision" => graph.Add("Cast", null, ("to", 1L)).Add("Div", [OnnxTensor.Of([], 255f)]).Add("Sub", [OnnxTensor.Of([3], mean)]).Add("Div", [OnnxTensor.Of([3], deviation)]).Add("Transpose", null, ("perm", ToNchw)),
            "keras" => graph.Add("Mul", [OnnxTensor.Of([], 1 / 127.5f)]).Add("Sub", [OnnxTensor.Of([], 1f)]),
            "caffe" => graph.Add("Sub", [OnnxTensor.Of([1, 3, 1, 1], 123f, 117f, 104f)]),
            _ => graph.Add("Sub", [OnnxTensor.Of([3, 1, 1], mean)]).Add("Div", [OnnxTensor.Of([1], deviation[0])]),
        };
        graph.Add("Conv", [graph.Random(2, 3, 3, 3)]).Add("Flatten").Add("Gemm", [graph.Random(8, 3)]);
        byte[] bytes = graph.Bytes();

        using Network network = Exported.Read(bytes);

        Assert.Equal(3, network.Spec.Layers.Length);
        Assert.All(network.Spec.Preprocessing.Mean.Zip(mean), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.All(network.Spec.Preprocessing.Deviation.Zip(deviation), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        byte[] pixels = [.. Enumerable.Range(0, 48).Select(i => (byte)(i * 37))];
        float[] prepared = [.. pixels.Select((pixel, i) => ((pixel / 255f) - mean[i % 3]) / deviation[i % 3])];
        using InferenceSession session = Exported.Session(bytes);
        float[] expected = kind == "torchvision"
            ? Exported.Run(session, pixels, 1, 4, 4, 3)
            : Exported.Run(session, Exported.ChannelsFirst([.. pixels.Select(pixel => isBytes ? pixel : pixel / 255f)], network.Spec.Input), 1, 3, 4, 4);
        Exported.AssertClose(expected, Exported.Logits(network, prepared, 1));
    }

    // A negative scale is no deviation: it becomes the first layer.
    [Fact]
    public void Read_ScalingThatPreprocessingCannotDo_IsALayer()
    {
        ForeignGraph graph = new(13, 2, 3, 3);
        graph.Add("Mul", [OnnxTensor.Of([2, 1, 1], 1f, -1f)]).Add("Conv", [graph.Random(4, 2, 3, 3)]).Add("Flatten").Add("Gemm", [graph.Random(4, 3)]);

        using Network network = graph.Import();

        Assert.Equal("input.scaling", network.Spec.Layers[0].Name);
        Assert.Equal(Preprocessing.None, network.Spec.Preprocessing);
    }

    [Fact]
    public void Read_NodesWithoutNamesOrWithTheSame_GetNamesOfTheirOwn()
    {
        ForeignGraph graph = new(13, 4);
        graph.Add("Relu", "same", [graph.Value]).Add("Tanh", "same", [graph.Value]).Add("Gemm", "", [graph.Value, graph.Random(4, 3)]);

        // ONNX Runtime refuses equal names; others write them.
        using Network network = Exported.Read(graph.Bytes());

        Assert.Equal(["same", "same_1"], network.Spec.Layers.Take(2).Select(layer => layer.Name));
        Assert.NotEqual("", network.Spec.Layers[2].Name);
    }

    [Fact]
    public void Load_ImportedModel_TrainsAndIsWrittenAgain()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "model.onnx"), saved = Path.Combine(directory.Path, "model.safetensors");
        using (Network original = TestModels.Random(TestModels.Narrow with { Classes = [.. Mnist.Digits.Reverse()] }))
            OnnxExport.Write(original, path);
        using Network network = OnnxImport.Load(path);
        Assert.Equal([.. Mnist.Digits.Reverse()], network.Spec.Classes);
        using ThreadTeam team = new(2);
        double before = Evaluator.Evaluate(network, Mnist.Test(200), team, TestContext.Current.CancellationToken).Loss;

        Trainer.FineTune(network, Mnist.Splits(0, 640), new TrainingOptions { BatchSize = 32, Images = 640 }, team, cancellationToken: TestContext.Current.CancellationToken);

        double after = Evaluator.Evaluate(network, Mnist.Test(200), team, TestContext.Current.CancellationToken).Loss;
        Assert.True(after < before, $"{after} is not below {before}");
        byte[] again = Exported.Write(network);
        using Network back = Exported.Read(again);
        Assert.Equal(again, Exported.Write(back));
        ModelFile.Save(back, saved);
        using Network loaded = ModelFile.Load(saved);
        Assert.Equal(back.Spec.ToJson(), loaded.Spec.ToJson());
    }

    private static ForeignGraph Norm(ForeignGraph graph, int channels) => graph.Add(
        "BatchNormalization", [graph.Between(0.5f, 2, channels), graph.Random(channels), graph.Random(channels), graph.Between(0.1f, 2, channels)], ("epsilon", 1e-3f));

    private static OnnxTensor Half(OnnxTensor tensor) => OnnxTensor.FromDoubles(OnnxElementType.Float16, tensor.Dims, tensor.ToDoubles());

    private static long[] Longs(params long[] values) => values;
}
