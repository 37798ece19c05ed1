using AlexNetSharp.Interop.Onnx;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>
/// The specification, computed by hand, where ONNX Runtime 1.31 cannot be asked: it departs from the specification, which the tests assert so
/// that a later version is noticed, or it has no kernel for the type.
/// </summary>
public class OperatorSpecificationTests
{
    private static readonly OnnxTensor Row = OnnxTensor.Of([1, 1, 5], 1f, 2f, 3f, 4f, 5f);

    [Fact]
    public void Conv_SameWithDilation_PadsForTheDilatedKernel()
    {
        OnnxTensor[] inputs = [Row, OnnxTensor.Of([1, 1, 3], 1f, 10f, 100f)];
        (string, object)[] attributes = [("auto_pad", "SAME_UPPER"), ("dilations", new long[] { 2 })];

        Assert.Equal([310f, 420f, 531f, 42f, 53f], Nodes.Evaluate("Conv", 11, inputs, attributes).ToFloats());
        Nodes.AskRefused("Dilation not supported for AutoPadType::SAME_UPPER", "Conv", 11, inputs, attributes);
    }

    [Fact]
    public void MaxPool_SameWithDilation_KeepsTheSize()
    {
        (string, object)[] attributes = [("auto_pad", "SAME_UPPER"), ("dilations", new long[] { 2 }), ("kernel_shape", new long[] { 3 })];

        Assert.Equal([3f, 4f, 5f, 4f, 5f], Nodes.Evaluate("MaxPool", 11, [Row], attributes).ToFloats());
        Assert.Equal([1, 1, 3], Nodes.Ask("MaxPool", 11, [Row], attributes).Dims); // padded as if there were no dilation
    }

    [Fact]
    public void AveragePool_SameWithStrideBeyondKernel_PadsNothing()
    {
        (string, object)[] attributes = [("auto_pad", "SAME_LOWER"), ("strides", new long[] { 4 }), ("kernel_shape", new long[] { 2 })];
        OnnxTensor x = OnnxTensor.Of([1, 1, 8], 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);

        Assert.Equal([1.5f, 5.5f], Nodes.Evaluate("AveragePool", 11, [x], attributes).ToFloats());
        Nodes.AskRefused("padding values must be non-negative", "AveragePool", 11, [x], attributes);
    }

    [Fact]
    public void AveragePool_CeilModeCountingPadding_DividesByWhatLiesInsideThePadding()
    {
        // The windows begin at −1, 2 and would at 5, in the padding: that one is none. The second ends at 4.
        OnnxTensor x = OnnxTensor.Of([1, 1, 4], 1f, 2f, 3f, 4f);
        OnnxTensor y = Nodes.Evaluate(
            "AveragePool", 19, [x], ("ceil_mode", 1L), ("count_include_pad", 1L), ("kernel_shape", new long[] { 4 }), ("strides", new long[] { 3 }), ("pads", new long[] { 1, 0 }));

        Assert.Equal([6f / 4, 7f / 2], y.ToFloats());
    }

    [Fact]
    public void Lrn_EvenSize_ReachesOneFurtherForward()
    {
        OnnxTensor x = OnnxTensor.Of([1, 3, 1, 1], 1f, 2f, 3f);
        (string, object)[] attributes = [("size", 2L), ("alpha", 2f), ("beta", 1f)]; // bias 1: the divisor is 1 + Σ x²

        Assert.Equal([1f / 6, 2f / 14, 3f / 10], Nodes.Evaluate("LRN", 13, [x], attributes).ToFloats());
        Nodes.AskRefused("size", "LRN", 13, [x], attributes);
    }

    [Fact]
    public void Clip_CrossedBoundsInAttributes_GivesTheUpperOne()
    {
        OnnxTensor x = OnnxTensor.Of([3], 0f, 1.5f, 3f);

        Assert.Equal([1f, 1f, 1f], Nodes.Evaluate("Clip", 7, [x], ("min", 2f), ("max", 1f)).ToFloats());
        Nodes.AskRefused("min_ <= max_ was false", "Clip", 7, [x], ("min", 2f), ("max", 1f));
    }

    [Fact]
    public void Cast_Saturate_ChangesNothingForTypesThatAreRead()
    {
        OnnxTensor x = OnnxTensor.Of([2], 1.75f, -1.75f);
        (string, object)[] attributes = [("to", (long)OnnxElementType.Int32), ("saturate", 0L)];

        Assert.Equal([1L, -1L], Nodes.Evaluate("Cast", 19, [x], attributes).ToIntegers());
        Nodes.AskRefused("saturate is only used for cast to float 8", "Cast", 19, [x], attributes);
    }

    [Theory]
    [InlineData(1.00390625, 1)] // halfway between 1 and the next bfloat16, 1 + 2⁻⁷: to even
    [InlineData(1.01171875, 1.015625)] // halfway between 1 + 2⁻⁷ and 1 + 2⁻⁶: to even
    [InlineData(3.4e38, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Cast_ToBFloat16_RoundsToNearestEven(double value, double expected)
    {
        OnnxTensor x = OnnxTensor.FromDoubles(OnnxElementType.Float, [1], [value]);

        Assert.Equal([expected], Nodes.Evaluate("Cast", 13, [x], ("to", (long)OnnxElementType.BFloat16)).ToDoubles());
    }

    [Fact]
    public void Add_HalfPrecision_RoundsOnce()
    {
        OnnxTensor a = OnnxTensor.FromDoubles(OnnxElementType.Float16, [2], [2048, 1]);
        OnnxTensor b = OnnxTensor.FromDoubles(OnnxElementType.Float16, [1], [1]);

        Assert.Equal([2048.0, 2], Nodes.Evaluate("Add", 14, [a, b]).ToDoubles());
    }

    [Fact]
    public void Pad_AxesOfInt32_AreTaken()
    {
        OnnxTensor axes = OnnxTensor.FromIntegers(OnnxElementType.Int32, [1], [-1]);
        OnnxTensor?[] inputs = [OnnxTensor.Of([1, 2], 1f, 2f), OnnxTensor.Of([2], 1L, 0L), null, axes];

        Assert.Equal([0f, 1f, 2f], Nodes.Evaluate("Pad", 18, inputs).ToFloats());
        Nodes.AskRefused("Expected:int64 Actual:int32", "Pad", 18, inputs);
    }

    [Fact]
    public void Div_IntegersAtTheEdges_WrapOrAreRefused()
    {
        OnnxTensor smallest = OnnxTensor.Of([1], long.MinValue);

        Assert.Equal([long.MinValue], Nodes.Evaluate("Div", 14, [smallest, OnnxTensor.Of([1], -1L)]).ToIntegers());
        Assert.Contains("divided by zero", Nodes.Refusal("Div", 14, [smallest, OnnxTensor.Of([1], 0L)]), StringComparison.Ordinal);
        OnnxTensor top = OnnxTensor.FromIntegers(OnnxElementType.UInt64, [1], [-1]);
        OnnxTensor two = OnnxTensor.FromIntegers(OnnxElementType.UInt64, [1], [2]);
        Assert.Equal([long.MaxValue], Nodes.Evaluate("Div", 14, [top, two]).ToIntegers());
    }

    [Fact]
    public void Unsupported_Parts_AreRefusedByName()
    {
        OnnxTensor yes = OnnxTensor.FromIntegers(OnnxElementType.Bool, [], [1]);
        OnnxTensor one = OnnxTensor.Of([1], 1f);
        OnnxTensor[] fiveOnes = [OnnxTensor.Of([1, 1], 1f), one, one, one, one];
        Assert.Contains("evaluation mode", Nodes.Refusal("Dropout", 12, [Row, null, yes]), StringComparison.Ordinal);
        Assert.Contains("training_mode", Nodes.Refusal("BatchNormalization", 14, fiveOnes, ("training_mode", 1L)), StringComparison.Ordinal);
        Assert.Contains("storage_order", Nodes.Refusal("MaxPool", 8, [Row], ("kernel_shape", new long[] { 1 }), ("storage_order", 1L)), StringComparison.Ordinal);
        Assert.Contains("from operator set 9 on", Nodes.Refusal("ConstantOfShape", 7, [OnnxTensor.Of([1], 1L)]), StringComparison.Ordinal);
        Assert.Contains("'ceil_mode' is not one that MaxPool has", Nodes.Refusal("MaxPool", 9, [Row], ("ceil_mode", 1L)), StringComparison.Ordinal);
        OnnxTensor pooled = Nodes.Evaluate("MaxPool", 8, [Row], ("kernel_shape", new long[] { 1 }));
        Assert.Equal(Row.ToFloats(), pooled.ToFloats());
        Assert.Contains("one to three spatial", Nodes.Refusal("Conv", 11, [one, one]), StringComparison.Ordinal);
        Assert.Contains("wrap", Nodes.Refusal("Pad", 18, [one, OnnxTensor.Of([2], 1L, 1L)], ("mode", "wrap")), StringComparison.Ordinal);
        Assert.Contains("value_string is not read", Nodes.Refusal("Constant", 12, [], ("value_string", "a")), StringComparison.Ordinal);
        Assert.Contains("a list of integers was expected", Nodes.Refusal("Conv", 11, [Row, Row], ("strides", 1L)), StringComparison.Ordinal);
    }
}
