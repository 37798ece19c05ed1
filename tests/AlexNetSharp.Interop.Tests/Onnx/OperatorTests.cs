using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using CsCheck;
using Google.Protobuf;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Every operator against ONNX Runtime, over drawn attributes, types, shapes and operator sets.</summary>
public class OperatorTests(ITestOutputHelper output)
{
    /// <summary>
    /// Of 1 + the expected magnitude. Sums here have at most some 250 terms of at most 4 each; ONNX Runtime adds them in float32, whose rounding
    /// grows with the square root of their number: 16 · 4 · 2⁻²⁴ ≈ 4e-6. Its exp and tanh are good to some 1e-6.
    /// </summary>
    private const double Tolerance = 2e-5;

    private const int Draws = 60;
    private const int LeastCombinations = 20;

    private static readonly Dictionary<string, Func<Draw, OperatorCase>> Operators = new()
    {
        ["Add"] = draw => ElementOperatorCases.Arithmetic(draw, "Add"),
        ["AveragePool"] = WindowOperatorCases.AveragePool,
        ["BatchNormalization"] = ElementOperatorCases.BatchNormalization,
        ["Cast"] = ElementOperatorCases.Cast,
        ["Clip"] = ElementOperatorCases.Clip,
        ["Concat"] = ShapeOperatorCases.Concat,
        ["Constant"] = ShapeOperatorCases.Constant,
        ["ConstantOfShape"] = ShapeOperatorCases.ConstantOfShape,
        ["Conv"] = WindowOperatorCases.Conv,
        ["Div"] = draw => ElementOperatorCases.Arithmetic(draw, "Div"),
        ["Dropout"] = ElementOperatorCases.Dropout,
        ["Flatten"] = ShapeOperatorCases.Flatten,
        ["Gather"] = ShapeOperatorCases.Gather,
        ["Gemm"] = ElementOperatorCases.Gemm,
        ["GlobalAveragePool"] = WindowOperatorCases.GlobalAveragePool,
        ["Identity"] = ShapeOperatorCases.Identity,
        ["LRN"] = ElementOperatorCases.Lrn,
        ["LeakyRelu"] = ElementOperatorCases.LeakyRelu,
        ["MatMul"] = ElementOperatorCases.MatMul,
        ["MaxPool"] = WindowOperatorCases.MaxPool,
        ["Mul"] = draw => ElementOperatorCases.Arithmetic(draw, "Mul"),
        ["Pad"] = ShapeOperatorCases.Pad,
        ["Relu"] = draw => ElementOperatorCases.Activation(draw, "Relu"),
        ["Reshape"] = ShapeOperatorCases.Reshape,
        ["Shape"] = ShapeOperatorCases.Shape,
        ["Sigmoid"] = draw => ElementOperatorCases.Activation(draw, "Sigmoid"),
        ["Softmax"] = ElementOperatorCases.Softmax,
        ["Squeeze"] = ShapeOperatorCases.Squeeze,
        ["Sub"] = draw => ElementOperatorCases.Arithmetic(draw, "Sub"),
        ["Tanh"] = draw => ElementOperatorCases.Activation(draw, "Tanh"),
        ["Transpose"] = ShapeOperatorCases.Transpose,
        ["Unsqueeze"] = ShapeOperatorCases.Unsqueeze,
    };

    public static TheoryData<string> Names => [.. Operators.Keys];

    [Fact]
    public void Operators_All_AreDrawnHere() => Assert.Equal(OnnxOperators.Names, Operators.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluate_DrawnCombinations_GivesWhatOnnxRuntimeGives(string name)
    {
        HashSet<string> combinations = [];
        HashSet<int> opsets = [];
        Draw.Cases(Operators[name]).Sample(
            drawn =>
            {
                Compare(drawn);
                combinations.Add(drawn.Combination);
                opsets.Add(drawn.Opset);
            },
            iter: Draws,
            threads: 1,
            print: drawn => drawn.ToString());
        output.WriteLine($"| {name} | {combinations.Count} | {string.Join(", ", opsets.Order())} |");
        Assert.InRange(combinations.Count, LeastCombinations, Draws);
    }

    private static void Compare(OperatorCase drawn)
    {
        (ModelProto model, Dictionary<string, OnnxTensor> inputs) = Oracle.Build(drawn);
        IReadOnlyList<OnnxTensor> expected = Oracle.Run(model.ToByteArray(), inputs);
        for (int i = 0; i < expected.Count; i++)
            model.Graph.Output[i] = Oracle.Value($"out{i}", expected[i].ElementType, expected[i].Dims);
        OnnxGraph graph = OnnxGraph.Parse(model.ToByteArray(), drawn.OpType);
        IReadOnlyDictionary<string, OnnxTensor> actual = new OnnxEvaluator(graph).Run(inputs);
        for (int i = 0; i < expected.Count; i++)
            AssertClose(expected[i], actual[$"out{i}"], comparesValues: i < drawn.Compared);
    }

    private static void AssertClose(OnnxTensor expected, OnnxTensor actual, bool comparesValues)
    {
        Assert.Equal(expected.ToString(), actual.ToString());
        double[] left = expected.ToDoubles();
        double[] right = actual.ToDoubles();
        double tolerance = expected.ElementType.IsFloatingPoint() ? Tolerance : 0;
        for (int i = 0; i < left.Length && comparesValues; i++)
            Assert.True(Math.Abs(left[i] - right[i]) <= tolerance * (1 + Math.Abs(left[i])), $"Element {i}: expected {left[i]}, was {right[i]}.");
    }
}
