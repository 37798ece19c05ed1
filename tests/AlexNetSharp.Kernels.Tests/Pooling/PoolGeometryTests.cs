using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Kernels.Tests.Pooling;

public sealed class PoolGeometryTests
{
    private static readonly PoolGeometry Sound = new()
    {
        Batch = 2,
        InputHeight = 7,
        InputWidth = 8,
        Channels = 5,
        WindowHeight = 3,
        WindowWidth = 2,
        StrideHeight = 2,
        StrideWidth = 1,
        PadTop = 1,
        PadRight = 1,
    };

    [Fact]
    public void Lengths_OfAGeometry_FollowFromItsSizes()
    {
        Assert.Equal((3, 8), (Sound.OutputHeight, Sound.OutputWidth));
        Assert.Equal(2 * 7 * 8 * 5, Sound.InputLength);
        Assert.Equal(2 * 3 * 8 * 5, Sound.OutputLength);
    }

    [Fact]
    public void Validate_SizeBelowOne_NamesItAndItsValue()
    {
        Rejects(Sound with { Batch = 0 }, "Batch is 0");
        Rejects(Sound with { InputHeight = 0 }, "InputHeight is 0");
        Rejects(Sound with { InputWidth = -2 }, "InputWidth is -2");
        Rejects(Sound with { Channels = 0 }, "Channels is 0");
        Rejects(Sound with { WindowHeight = 0 }, "WindowHeight is 0");
        Rejects(Sound with { WindowWidth = 0 }, "WindowWidth is 0");
        Rejects(Sound with { StrideHeight = 0 }, "StrideHeight is 0");
        Rejects(Sound with { StrideWidth = -1 }, "StrideWidth is -1");
    }

    [Fact]
    public void Validate_SizesThatDoNotFitTogether_NamesThem()
    {
        Rejects(Sound with { PadLeft = -1 }, "padding is 1, -1, 0, 1");
        Rejects(Sound with { PadTop = 3 }, "padding 3, 0, 0, 1 must be smaller than the 3x2 window");
        Rejects(Sound with { PadRight = 2 }, "padding 1, 0, 0, 2 must be smaller than the 3x2 window");
        Rejects(Sound with { WindowHeight = 9 }, "the padded input is 8x9, smaller than the 9x2 window");
        Rejects(Sound with { OverhangBottom = 3 }, "the overhang is 3, 0 (bottom, right)");
        Rejects(Sound with { OverhangRight = -1 }, "the overhang is 0, -1 (bottom, right)");
        Rejects(Sound with { OverhangRight = 1 }, "with the padding smaller than the 3x2 window");
        Rejects(Sound with { InputHeight = 20, InputWidth = 20, WindowHeight = 17, WindowWidth = 16 }, "the window is 17x16; at most 256");
    }

    [Fact]
    public void Validate_WindowBeyondAnInteger_IsRejected()
    {
        // 2^16 · 2^16 is 0 in 32 bits, which is at most 256.
        PoolGeometry g = Sound with { WindowHeight = 1 << 16, WindowWidth = 1 << 16, PadTop = 65535, PadLeft = 65535, PadBottom = 65535, PadRight = 65535 };
        Rejects(g, "the window is 65536x65536; at most 256");
    }

    private static void Rejects(PoolGeometry geometry, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => geometry.Validate());
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
