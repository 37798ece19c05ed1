using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Tests.Support;

namespace AlexNetSharp.Kernels.Tests.Convolution;

public sealed class ConvolutionGeometryTests
{
    private static readonly ConvolutionGeometry Sound = Geometries.Same(2, 9, 8, 6, 4, 3, 5);

    [Fact]
    public void Lengths_OfAGeometry_FollowFromItsSizes()
    {
        ConvolutionGeometry g = Sound with { StrideHeight = 2, Groups = 2 };
        Assert.Equal((5, 8), (g.OutputHeight, g.OutputWidth));
        Assert.Equal(2 * 9 * 8 * 6, g.InputLength);
        Assert.Equal(2 * 5 * 8 * 4, g.OutputLength);
        Assert.Equal(4 * 3 * 5 * 3, g.WeightLength);
        Assert.Equal(2 * 5 * 8 * 4 * 3 * 5 * 3, g.MultiplyAccumulates);
    }

    [Fact]
    public void Validate_SizeBelowOne_NamesItAndItsValue()
    {
        Rejects(Sound with { Batch = 0 }, "Batch is 0");
        Rejects(Sound with { InputHeight = -3 }, "InputHeight is -3");
        Rejects(Sound with { InputWidth = 0 }, "InputWidth is 0");
        Rejects(Sound with { InputChannels = 0 }, "InputChannels is 0");
        Rejects(Sound with { OutputChannels = 0 }, "OutputChannels is 0");
        Rejects(Sound with { KernelHeight = 0 }, "KernelHeight is 0");
        Rejects(Sound with { KernelWidth = -1 }, "KernelWidth is -1");
        Rejects(Sound with { StrideHeight = 0 }, "StrideHeight is 0");
        Rejects(Sound with { StrideWidth = 0 }, "StrideWidth is 0");
        Rejects(Sound with { DilationHeight = 0 }, "DilationHeight is 0");
        Rejects(Sound with { DilationWidth = 0 }, "DilationWidth is 0");
        Rejects(Sound with { Groups = 0 }, "Groups is 0");
    }

    [Fact]
    public void Validate_SizesThatDoNotFitTogether_NamesThem()
    {
        Rejects(Sound with { PadTop = -1 }, "padding is -1, 2, 1, 2");
        Rejects(Sound with { PadRight = -7 }, "padding is 1, 2, 1, -7");
        Rejects(Sound with { Groups = 4 }, "6 input and 4 output channels cannot be cut into 4 groups");
        Rejects(Sound with { Groups = 3 }, "6 input and 4 output channels cannot be cut into 3 groups");
        Rejects(Sound with { KernelHeight = 12 }, "the padded input is 11x12, smaller than the 12x5 filter");
        Rejects(Sound with { DilationWidth = 3 }, "the padded input is 11x12, smaller than the 3x13 filter");
        Rejects(Sound with { KernelHeight = 65, KernelWidth = 64 }, "the kernel is 65x64; at most 4096");
    }

    [Fact]
    public void Validate_SpanBeyondAnInteger_IsRejected()
    {
        // 2 · 2^30 + 1 rows are more than an int holds: computed in 32 bits they would be negative, and fit any picture.
        Rejects(Sound with { DilationHeight = 1 << 30 }, "2147483649");
        Rejects(Sound with { KernelWidth = 3, DilationWidth = 1 << 30 }, "2147483649");
        Rejects(Sound with { PadTop = int.MaxValue }, "2147483657x12");
    }

    private static void Rejects(ConvolutionGeometry geometry, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => geometry.Validate());
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
