using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Interop.Tests.Onnx;

public sealed class OnnxImportRefusalTests
{
    private static readonly Dictionary<string, (Func<ForeignGraph> Graph, string[] Says)> Refused = new()
    {
        ["unknown operator"] = (() => Mlp().Add("Gelu"), ["Gelu 'Gelu_1'", "is not supported", "Supported operators: Add, AveragePool"]),
        ["residual"] = (() => Residual(), ["Add 'Add_1'", "branches are not read"]),
        ["two that are computed"] = (() => Twice(), ["Mul 'Mul_1'", "twice"]),
        ["softmax in the middle"] = (() => Mlp().Add("Softmax").Add("Relu"), ["Relu 'Relu_2'", "follows a Softmax"]),
        ["softmax over the batch"] = (() => Mlp().Add("Softmax", null, ("axis", 0L)), ["Softmax 'Softmax_1'", "over the classes"]),
        ["even LRN"] = (() => new ForeignGraph(17, 4, 3, 3).Add("LRN", null, ("size", 4L)), ["LRN 'LRN_0'", "4 channels", "odd"]),
        ["convolution of one dimension"] = (() => With(new(17, 2, 9), (graph) => graph.Add("Conv", [graph.Random(3, 2, 3)])), ["'x'", "[N,C,H,W]"]),
        ["transposed factor"] = (() => With(new(17, OnnxElementType.Float, 4, 4), graph => graph.Add("Gemm", [graph.Random(4, 3)], ("transA", 1L))), ["Gemm 'Gemm_0'", "transA = 0"]),
        ["windows with gaps"] = (() => new ForeignGraph(17, 1, 6, 6).Add("MaxPool", null, ("kernel_shape", Longs(2, 2)), ("dilations", Longs(2, 2))), ["MaxPool 'MaxPool_0'", "dilations"]),
        ["reflected rim"] = (() => new ForeignGraph(17, 1, 6, 6).Add("Pad", [OnnxTensor.Of([8], 0L, 0, 1, 1, 0, 0, 1, 1)], ("mode", "reflect")), ["Pad 'Pad_0'", "reflect", "constant padding is read"]),
        ["pad of channels"] = (() => new ForeignGraph(17, 1, 6, 6).Add("Pad", [OnnxTensor.Of([8], 0L, 1, 0, 0, 0, 0, 0, 0)]), ["Pad 'Pad_0'", "rows and columns"]),
        ["pad before an activation"] = (() => new ForeignGraph(17, 1, 6, 6).Add("Pad", [OnnxTensor.Of([8], 0L, 0, 1, 1, 0, 0, 1, 1)]).Add("Relu"), ["Pad 'Pad_0'", "Relu 'Relu_1' follows it"]),
        ["pad of ones"] = (() => With(new(17, 1, 6, 6), graph => graph.Add("Pad", [OnnxTensor.Of([8], 0L, 0, 1, 1, 0, 0, 1, 1), OnnxTensor.Of([], 1f)]).Add("Conv", [graph.Random(1, 1, 3, 3)])), ["Pad 'Pad_0'", "other than 0"]),
        ["pad of zeros before a maximum"] = (() => new ForeignGraph(17, 1, 6, 6).Add("Pad", [OnnxTensor.Of([8], 0L, 0, 1, 1, 0, 0, 1, 1)]).Add("MaxPool", null, ("kernel_shape", Longs(2, 2))), ["Pad 'Pad_0'", "may win a maximum"]),
        ["constant by position"] = (() => With(new(17, 2, 3, 3), graph => graph.Add("Relu").Add("Add", [graph.Random(3, 3)])), ["Add 'Add_1'", "one a channel"]),
        ["a constant divided"] = (() => With(new(17, 3), graph => graph.Add("Div", "inverse", [OnnxTensor.Of([], 1f), "x"])), ["Div 'inverse'", "divides a constant"]),
        ["taken apart"] = (() => With(new(17, 4, 2, 2), graph => graph.Add("Relu").Add("Reshape", [OnnxTensor.Of([4], 0L, 2, 4, 2)])), ["Reshape 'Reshape_1'", "[2,2,4,2] of [2,4,2,2]"]),
        ["unflattened"] = (() => With(new(17, 4, 2, 2), graph => graph.Add("Relu").Add("Flatten").Add("Reshape", [OnnxTensor.Of([4], 0L, 16, 1, 1)]).Add("Conv", [graph.Random(2, 16, 1, 1)])), ["Reshape 'Reshape_2'"]),
        ["batch moved"] = (() => new ForeignGraph(17, 3, 3, 3).Add("Transpose"), ["Transpose 'Transpose_0'", "the batch must stay first"]),
        ["other layout"] = (() => With(new(17, 4, 5, 3), graph => graph.Says("alexnet.layout", "NHWC").Add("MaxPool", null, ("kernel_shape", Longs(2, 2)))), ["MaxPool 'MaxPool_0'", "no picture in N, C, H, W order"]),
        ["picture at the end"] = (() => new ForeignGraph(17, 3, 3, 3).Add("Relu"), ["a picture of 3x3"]),
        ["order of the logits"] = (() => new ForeignGraph(17, 3, 2, 2).Add("Relu").Add("Flatten"), ["Flatten it, in H, W, C order"]),
        ["nothing"] = (() => With(new(17, 3), graph => graph.Add("Mul", [OnnxTensor.Of([], 2f)])), ["no layer"]),
        ["size not known"] = (() => new ForeignGraph(17, OnnxElementType.Float, 1, 3, -1, -1).Add("Relu"), ["'x'"]),
        ["whole numbers"] = (() => new ForeignGraph(17, OnnxElementType.Int32, -1, 3, 4, 4).Add("Relu"), ["int32", "uint8 or a floating-point type"]),
        ["dropout that drops"] = (() => With(new(17, 3), graph => graph.Add("Dropout", [OnnxTensor.Of([], 0.5f), OnnxTensor.FromIntegers(OnnxElementType.Bool, [], [1])])), ["Dropout 'Dropout_0'"]),
        ["classes that are too few"] = (() => Mlp().Says("alexnet.classes", "[\"a\"]"), ["'alexnet.classes' names 1 classes", "3 outputs"]),
        ["classes that are none"] = (() => Mlp().Says("alexnet.classes", "[1, null"), ["'alexnet.classes' cannot be read"]),
        ["preprocessing that is none"] = (() => Mlp().Says("alexnet.preprocessing", "{\"meen\":[]}"), ["'alexnet.preprocessing' cannot be read", "meen"]),
        ["layout that is none"] = (() => new ForeignGraph(17, 3, 3, 3).Says("alexnet.layout", "CHWN").Add("Relu"), ["'alexnet.layout' is 'CHWN'"]),
    };

    public static TheoryData<string> Names => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_WhatIsNoChainOfLayers_SaysWhatAndWhere(string name)
    {
        (Func<ForeignGraph> graph, string[] says) = Refused[name];
        byte[] bytes = graph().Bytes();

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Exported.Read(bytes));

        Assert.All(says, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Read_PreprocessingForOtherChannels_IsRefused() => Assert.Contains(
        "2 means",
        Assert.Throws<InvalidModelException>(() => Exported.Read(Mlp().Says("alexnet.preprocessing", "{\"mean\":[1,2],\"deviation\":[],\"fit\":\"stretch\",\"resizeTo\":0,\"findsGlyph\":false}").Bytes())).Message,
        StringComparison.Ordinal);

    // What the importer asks of itself.
    [Fact]
    public void Require_NetworkThatGivesSomethingElse_RefusesWithBothNumbers()
    {
        OnnxGraph graph = OnnxGraph.Parse(Mlp().Bytes(), "test.onnx");
        OnnxConversion conversion = OnnxNetworkReader.Read(graph, "test");
        using Network network = conversion.Network;
        Parameter bias = network.Find("Gemm_0.bias");
        float[] values = network.Read(bias);
        values[1] += 0.1f;
        network.Write(bias, values);

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => OnnxConversionCheck.Require(graph, conversion, null));

        Assert.Contains("for output 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_GraphThatTakesTooLongToCompare_SaysSo()
    {
        ForeignGraph graph = new(17, OnnxElementType.Float, 1 << 24, 6);
        graph.Add("Gemm", [graph.Random(6, 3)]);
        List<string> notices = [];

        using Network network = OnnxImport.Read(OnnxGraph.Parse(graph.Bytes(), "large.onnx"), "large", notices.Add);

        Assert.Contains("'large.onnx' was not compared", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal("large", network.Spec.Name);
    }

    [Fact]
    public void Load_FileThatIsNoModel_IsRefused()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "model.onnx");
        File.WriteAllText(path, "no model");

        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ModelLoader.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains("Leave that away", Assert.Throws<InvalidDataException>(() => ModelLoader.Load(path, TestModels.Narrow)).Message, StringComparison.Ordinal);
    }

    private static ForeignGraph Mlp() => With(new(17, 4), graph => graph.Add("Gemm", [graph.Random(4, 3)]));

    private static ForeignGraph Residual() => With(new(17, 4), graph => graph.Add("Relu").Add("Add", ["x"]));

    private static ForeignGraph Twice() => With(new(17, 4), graph => graph.Add("Relu").Add("Mul", ["v0"]));

    private static ForeignGraph With(ForeignGraph graph, Func<ForeignGraph, ForeignGraph> add) => add(graph);

    private static long[] Longs(params long[] values) => values;
}
