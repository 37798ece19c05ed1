using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Models;

/// <summary>What does not fit is refused by a line that names the layer, what came and what is needed.</summary>
public sealed class ShapeInferenceTests
{
    private static readonly FeatureShape Picture = new(8, 8, 3);
    private static readonly Flatten Flat = new() { Name = "flat" };
    private static readonly Dense Last = new() { Name = "fc", Units = 2 };

    [Fact]
    public void InferShapes_DenseOnAPicture_AsksForAFlatten()
    {
        AssertRefused("Dense 'fc': input [N,8,8,3] (NHWC) is a picture; put a flatten layer before it.", Last);
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    public void InferShapes_GroupsThatDoNotDivide_GiveTheChannels(int groups, int filters)
    {
        AssertRefused(
            $"Convolution 'conv': input [N,8,8,3] (NHWC). Convolution: 3 input and {filters} output channels cannot be cut into {groups} groups; both must be multiples of it.",
            Conv with { Groups = groups, Filters = filters }, Flat, Last);
    }

    [Fact]
    public void InferShapes_InputSmallerThanTheFilter_GivesBoth()
    {
        AssertRefused(
            "Convolution 'conv': input [N,8,8,3] (NHWC). Convolution: the padded input is 8x8, smaller than the 9x9 filter. Use a larger picture, a smaller kernel or more padding.",
            Conv with { Kernel = 9, Padding = Padding.Valid }, Flat, Last);
    }

    [Fact]
    public void InferShapes_InputSmallerThanTheWindow_GivesBoth()
    {
        AssertRefused(
            "Max pooling 'pool': input [N,8,8,3] (NHWC). Pooling: the padded input is 8x8, smaller than the 9x9 window.",
            new MaxPool2D { Name = "pool", Window = 9, Stride = 2 }, Flat, Last);
    }

    [Fact]
    public void InferShapes_PaddingAsLargeAsThePool_SaysThatAWindowWouldSeeNothing()
    {
        AssertRefused("Max pooling 'pool': input [N,8,8,3] (NHWC). Pooling: padding 2, 2, 2, 2 must be smaller than the 2x2 window, or a window would see padding alone.",
            new MaxPool2D { Name = "pool", Window = 2, Stride = 2, Padding = Padding.All(2) }, Flat, Last);
    }

    [Theory]
    [InlineData(0, 3, 1, 1)]
    [InlineData(4, 0, 1, 1)]
    [InlineData(4, 3, 0, 1)]
    [InlineData(4, 3, 1, -1)]
    public void InferShapes_ConvolutionNumberBelowOne_ListsThem(int filters, int kernel, int stride, int groups)
    {
        AssertRefused(
            $"Convolution 'conv': filters {filters}, kernel {kernel}, stride {stride}, groups {groups}; each must be at least 1.",
            Conv with { Filters = filters, Kernel = kernel, Stride = stride, Groups = groups }, Flat, Last);
    }

    [Fact]
    public void InferShapes_SizesOfOneSideBelowOne_NamesBoth()
    {
        AssertRefused("Convolution 'conv': filters 4, kernel 3x0, stride 1, groups 1; each must be at least 1.", Conv with { Kernel = new(3, 0) }, Flat, Last);
        AssertRefused("Convolution 'conv': dilation 2x0; it must be at least 1.", Conv with { Dilation = new(2, 0) }, Flat, Last);
        AssertRefused("Average pooling 'avg': window 2, stride 0x1; each must be at least 1.", new AveragePool2D { Name = "avg", Window = 2, Stride = new(0, 1) }, Flat, Last);
    }

    [Theory]
    [InlineData(2, 1, 8)]
    [InlineData(2, 2, 4)]
    [InlineData(3, 3, 3)]
    public void InferShapes_DilatedSameConvolution_GivesCeilOfInputOverStride(int dilation, int stride, int size) =>
        Assert.Equal(new FeatureShape(size, size, 4), (Conv with { Dilation = dilation, Stride = stride }).OutputShape(Picture));

    [Fact]
    public void InferShapes_DilatedFilterLargerThanTheInput_GivesItsSpan() => AssertRefused(
        "Convolution 'conv': input [N,8,8,3] (NHWC). Convolution: the padded input is 8x8, smaller than the 9x3 filter. Use a larger picture, a smaller kernel or more padding.",
        Conv with { Dilation = new(4, 1), Padding = Padding.Valid }, Flat, Last);

    // Size, window, stride, padding before and after, floor form, ceil form: where a last window would begin in the padding after, it is dropped.
    [Theory]
    [InlineData(8, 3, 2, 0, 0, 3, 4)]
    [InlineData(9, 3, 2, 0, 0, 4, 4)]
    [InlineData(5, 2, 3, 0, 0, 2, 2)]
    [InlineData(4, 2, 2, 1, 1, 3, 3)]
    [InlineData(5, 2, 2, 1, 1, 3, 3)]
    [InlineData(4, 1, 3, 0, 0, 2, 2)]
    [InlineData(6, 1, 4, 0, 0, 2, 2)]
    public void InferShapes_CeilMode_AddsTheWindowThatBeginsInside(int size, int window, int stride, int before, int after, int floor, int ceil)
    {
        FeatureShape input = new(size, size, 2);
        MaxPool2D max = new() { Name = "max", Window = window, Stride = stride, Padding = Padding.Explicit(before, before, after, after) };
        AveragePool2D average = new() { Name = "avg", Window = window, Stride = stride, Padding = max.Padding };

        Assert.Equal(new FeatureShape(floor, floor, 2), max.OutputShape(input));
        Assert.Equal(new FeatureShape(floor, floor, 2), average.OutputShape(input));
        Assert.Equal(new FeatureShape(ceil, ceil, 2), (max with { CeilMode = true }).OutputShape(input));
        Assert.Equal(new FeatureShape(ceil, ceil, 2), (average with { CeilMode = true }).OutputShape(input));
    }

    [Fact]
    public void InferShapes_AverageWindowOfMoreThan256Positions_IsTaken() =>
        Assert.Equal(new FeatureShape(1, 1, 3), new AveragePool2D { Name = "avg", Window = 20, Stride = 1 }.OutputShape(new(20, 20, 3)));

    [Theory]
    [InlineData(6f, 6f)]
    [InlineData(float.NaN, 6f)]
    [InlineData(0f, float.PositiveInfinity)]
    public void InferShapes_ClipBoundsInNoOrder_GivesThem(float minimum, float maximum) => AssertRefused(
        $"Clip 'clip': from {minimum} to {maximum}; both must be finite numbers, the minimum below the maximum.",
        new Clip { Name = "clip", Minimum = minimum, Maximum = maximum }, Flat, Last);

    [Fact]
    public void InferShapes_LeakySlopeThatIsNoNumber_IsRefused() =>
        AssertRefused("Leaky ReLU 'leaky': slope NaN; it must be a finite number.", new LeakyRelu { Name = "leaky", Slope = float.NaN }, Flat, Last);

    [Fact]
    public void InferShapes_UnitsOrWindowBelowOne_SaySo()
    {
        AssertRefused("Dense 'fc': units 0; at least 1 is needed.", Flat, Last with { Units = 0 });
        AssertRefused("Max pooling 'pool': window 0, stride 1; each must be at least 1.", new MaxPool2D { Name = "pool", Window = 0, Stride = 1 }, Flat, Last);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(6, -1)]
    public void InferShapes_AverageToNothing_GivesTheSize(int height, int width)
    {
        AssertRefused(
            $"Average pooling 'avg': output {height}x{width}; each side must be at least 1.",
            new AdaptiveAveragePool2D { Name = "avg", OutputHeight = height, OutputWidth = width }, Flat, Last);
    }

    [Fact]
    public void InferShapes_InitialBiasThatIsNoNumber_IsRefused()
    {
        AssertRefused("Dense 'fc': initial bias NaN; it must be a finite number.", Flat, Last with { InitialBias = float.NaN });
        AssertRefused("Convolution 'conv': initial bias Infinity; it must be a finite number.", Conv with { InitialBias = float.PositiveInfinity }, Flat, Last);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.5f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void InferShapes_KeepOutOfRange_SaysTheRange(float keep)
    {
        AssertRefused($"Dropout 'drop': keep probability {keep}; it must lie above 0 and be at most 1.", new Dropout { Name = "drop", Keep = keep }, Flat, Last);
    }

    [Theory]
    [InlineData(-1, 1f, 1f, "radius -1")]
    [InlineData(4, 0f, 1f, "bias 0")]
    [InlineData(4, 1f, -1f, "alpha -1")]
    [InlineData(4, 1f, float.PositiveInfinity, "alpha")]
    public void InferShapes_NormWithASenselessConstant_NamesIt(int radius, float bias, float alpha, string fault)
    {
        InvalidModelException exception = Refused([new LocalResponseNorm { Name = "norm", Radius = radius, Bias = bias, Alpha = alpha }, Flat, Last]);

        Assert.StartsWith($"LRN 'norm': input [N,8,8,3] (NHWC). LRN: {fault}", exception.Message);
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("")]
    [InlineData(" ")]
    public void InferShapes_NameUsedTwiceOrEmpty_IsNamed(string name)
    {
        AssertRefused($"Model 'm': the layer name '{name}' is empty or used twice; every layer needs a name of its own.", Flat, Last with { Name = name });
    }

    [Fact]
    public void InferShapes_WrongNumberOfClasses_GivesBoth()
    {
        AssertRefused("Model 'm': the last layer 'fc' gives [N,5], but there are 2 classes. End with a dense layer of 2 units.", Flat, Last with { Units = 5 });
        AssertRefused("Model 'm': the last layer 'conv' gives [N,8,8,4], but there are 2 classes. End with a dense layer of 2 units.", Conv);
    }

    [Fact]
    public void InferShapes_NothingToInferFrom_SaysWhatIsMissing()
    {
        ModelSpec good = TestModels.Model("m", Picture, 2, Flat, Last);

        AssertRefused("The model has no name.", good with { Name = " " });
        AssertRefused("Model 'm' has no layers.", good with { Layers = [] });
        AssertRefused("Model 'm' has no layers.", good with { Layers = default });
        AssertRefused("Model 'm' names no classes.", good with { Classes = [] });
        AssertRefused("Model 'm': input 0x8x3; height, width and channels must be at least 1.", good with { Input = new(0, 8, 3) });
    }

    public static TheoryData<string, FeatureShape, Layer> Huge => new()
    {
        { "Flatten", new(65536, 65536, 1), Flat },
        { "Pool", new(70000, 70000, 1), new MaxPool2D { Name = "pool", Window = 2, Stride = 70000, Padding = Padding.Same } },
        { "Filters", Picture, Conv with { Filters = int.MaxValue } },
        { "Weights", new(1, 1, 1 << 20), Conv with { Filters = 1 << 12, Padding = Padding.Same } },
        { "FanIn", new(1, 1, 1 << 30), Conv with { Filters = 1, Kernel = 5 } },
        { "Units", Picture, Last with { Units = int.MaxValue } },
        { "Padding", Picture, Conv with { Padding = Padding.All(int.MaxValue) } },
        { "PaddingBelow", Picture, Conv with { Padding = Padding.Explicit(int.MaxValue, 0, int.MaxValue, 0) } },
        { "PaddingInPool", Picture, new MaxPool2D { Name = "pool", Window = 2, Stride = 2, Padding = Padding.Explicit(0, int.MaxValue, 0, 0) } },
        { "Kernel", Picture, Conv with { Kernel = int.MaxValue } },
        { "Window", Picture, new MaxPool2D { Name = "pool", Window = 40000, Stride = 1, Padding = Padding.Same } },
        { "Dilation", Picture, Conv with { Dilation = int.MaxValue } },
        { "Ceil", Picture, new MaxPool2D { Name = "pool", Window = 2, Stride = int.MaxValue, Padding = Padding.Explicit(0, 0, int.MaxValue, 0), CeilMode = true } },
        { "AverageOutput", Picture, new AdaptiveAveragePool2D { Name = "avg", OutputHeight = int.MaxValue, OutputWidth = 2 } },
        { "Radius", Picture, new LocalResponseNorm { Name = "norm", Radius = int.MaxValue, Alpha = 1 } },
    };

    [Theory]
    [MemberData(nameof(Huge))]
    public void InferShapes_HugeNumber_IsRefusedInOneLine(string what, FeatureShape input, Layer layer)
    {
        ImmutableArray<Layer> layers = layer switch
        {
            Flatten => [layer, Last],
            Dense => [Flat, layer with { Name = "wide" }, Last],
            _ => [layer, Flat, Last],
        };
        ModelSpec model = TestModels.Model("m", input, 2, layers);

        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => model.InferShapes());

        Assert.True(exception.Message.Length is > 20 and < 250 && !exception.Message.Contains('\n'), $"{what}: {exception.Message}");
    }

    [Fact]
    public void InferShapes_LayersEachCountableButNotTogether_AreRefused()
    {
        Dense wide = new() { Name = "wide1", Units = 32768 };
        ModelSpec model = TestModels.Model("m", new(1, 1, 32768), 2, wide, wide with { Name = "wide2" }, wide with { Name = "wide3" }, Last);

        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => model.InferShapes());

        Assert.StartsWith("Model 'm'", exception.Message);
    }

    [Fact]
    public void Network_OfAModelThatDoesNotFit_SaysWhy()
    {
        Assert.Throws<InvalidModelException>(() => new Network(TestModels.Model("m", Picture, 2, Last)));
    }

    [Theory]
    [InlineData(28, 3, 1, 1, 1)]
    [InlineData(7, 2, 2, 0, 1)]
    [InlineData(28, 2, 2, 0, 0)]
    [InlineData(5, 3, 2, 1, 1)]
    [InlineData(6, 3, 2, 0, 1)]
    [InlineData(5, 1, 3, 0, 0)]
    public void Resolve_Same_PutsTheOddOneAfter(int size, int window, int stride, int before, int after)
    {
        Assert.Equal((before, before, after, after), Padding.Same.Resolve(size, size, window, window, stride));
    }

    [Fact]
    public void Explicit_NegativeAmount_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Padding.All(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Padding.Explicit(0, 0, 0, -1));
    }

    private static Convolution2D Conv => new() { Name = "conv", Filters = 4, Kernel = 3 };

    private static InvalidModelException Refused(ImmutableArray<Layer> layers) =>
        Assert.Throws<InvalidModelException>(() => TestModels.Model("m", Picture, 2, layers).InferShapes());

    private static void AssertRefused(string message, params ImmutableArray<Layer> layers) => Assert.Equal(message, Refused(layers).Message);

    private static void AssertRefused(string message, ModelSpec model) =>
        Assert.Equal(message, Assert.Throws<InvalidModelException>(() => model.InferShapes()).Message);
}
