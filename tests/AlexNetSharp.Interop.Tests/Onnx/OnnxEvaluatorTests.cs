using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using Google.Protobuf;

namespace AlexNetSharp.Interop.Tests.Onnx;

public class OnnxEvaluatorTests
{
    /// <summary>Of the largest probability, 1: eight layers of float32 in ONNX Runtime against doubles here.</summary>
    private const float Tolerance = 1e-5f;

    [Fact]
    public void Run_SmallAlexNet_GivesOnnxRuntimesProbabilities()
    {
        Draw draw = new(3);
        ModelProto model = Nodes.Model(
            [-1, 3, 35, 35],
            "y",
            [
                Nodes.Node("Conv", ["x", "w1", "b1"], "c1", ("strides", new long[] { 4, 4 }), ("pads", new long[] { 2, 2, 2, 2 })),
                Nodes.Node("Relu", ["c1"], "r1"),
                Nodes.Node("LRN", ["r1"], "n1", ("size", 5L), ("alpha", 1e-4f), ("beta", 0.75f), ("bias", 2f)),
                Nodes.Node("MaxPool", ["n1"], "p1", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 })),
                Nodes.Node("Conv", ["p1", "w2", "b2"], "c2", ("group", 2L), ("auto_pad", "SAME_UPPER")),
                Nodes.Node("Relu", ["c2"], "r2"),
                Nodes.Node("AveragePool", ["r2"], "p2", ("kernel_shape", new long[] { 2, 2 })),
                Nodes.Node("Flatten", ["p2"], "f"),
                Nodes.Node("Dropout", ["f"], "d"),
                Nodes.Node("Gemm", ["d", "w3", "b3"], "logits", ("transB", 1L)),
                Nodes.Node("Softmax", ["logits"], "y"),
            ],
            ("w1", draw.Floats(8, 3, 11, 11)),
            ("b1", draw.Floats(8)),
            ("w2", draw.Floats(6, 4, 5, 5)),
            ("b2", draw.Floats(6)),
            ("w3", Scaled(draw.Floats(10, 24), 1e-3f)),
            ("b3", draw.Floats(10)));
        OnnxGraph graph = Nodes.Read(model);
        Dictionary<string, OnnxTensor> inputs = new() { ["x"] = draw.Floats(2, 3, 35, 35) };

        OnnxTensor expected = Assert.Single(Oracle.Run(model.ToByteArray(), inputs));

        Assert.Equal(expected.ToFloats(), new OnnxEvaluator(graph).Run(inputs)["y"].ToFloats(), (a, b) => MathF.Abs(a - b) <= Tolerance);
        Assert.Equal(expected.ToFloats(), new OnnxEvaluator(ConstantFolding.Fold(graph)).Run(inputs)["y"].ToFloats(), (a, b) => MathF.Abs(a - b) <= Tolerance);
        Assert.Equal("float [2,10]", OnnxShapes.Infer(graph, batch: 2)["y"].ToString());
    }

    [Fact]
    public void Run_InputsThatDoNotFit_AreRefused()
    {
        ModelProto model = Nodes.Model([-1, 3], "y", [Nodes.Node("Add", ["x", "z"], "y")]);
        model.Graph.Input.Add(Oracle.Value("z", OnnxElementType.Float, [0, 3]));
        model.Graph.Input[1].Type.TensorType.Shape.Dim[0].DimParam = "N";
        OnnxEvaluator evaluator = new(Nodes.Read(model));
        OnnxTensor fits = OnnxTensor.Of([1, 3], 1f, 2f, 3f);
        OnnxTensor larger = OnnxTensor.Of([2, 3], 1f, 2f, 3f, 4f, 5f, 6f);

        Assert.Equal([2f, 4f, 6f], evaluator.Run(new Dictionary<string, OnnxTensor> { ["x"] = fits, ["z"] = fits })["y"].ToFloats());
        (string Reason, Dictionary<string, OnnxTensor> Inputs)[] cases =
        [
            ("the input 'z' float [N,3] is missing", new() { ["x"] = fits }),
            ("was given int64 [1,3]", new() { ["x"] = OnnxTensor.Of([1, 3], 1L, 2L, 3L), ["z"] = fits }),
            ("was given float [3]", new() { ["x"] = fits.Reshaped([3]), ["z"] = fits }),
            ("was given float [3,1]", new() { ["x"] = fits.Reshaped([3, 1]), ["z"] = fits }),
            ("was given float [2,3]", new() { ["x"] = fits, ["z"] = larger }), // both are called N
        ];
        Assert.All(cases, c => Assert.Contains(c.Reason, Assert.Throws<InvalidDataException>(() => evaluator.Run(c.Inputs)).Message, StringComparison.Ordinal));
    }

    private static OnnxTensor Scaled(OnnxTensor tensor, float factor) => OnnxTensor.Of(tensor.Dims, Array.ConvertAll(tensor.ToFloats(), x => x * factor));
}
