using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>Geometries for the kernels and, the same, for their twins.</summary>
internal static class Geometries
{
    /// <summary>Any convolution of up to 11x11 taps, strides to 4, with whatever padding, dilation and groups; its output is never empty.</summary>
    public static readonly Gen<ConvolutionGeometry> Convolutions =
        from batch in Gen.Int[1, 3]
        from groups in Gen.Int[1, 3]
        from inputs in Gen.Int[1, 9]
        from outputs in Gen.Int[1, 9]
        from kernelHeight in Gen.Int[1, 11]
        from kernelWidth in Gen.Int[1, 11]
        from strideHeight in Gen.Int[1, 4]
        from strideWidth in Gen.Int[1, 4]
        from dilationHeight in Gen.Int[1, 3]
        from dilationWidth in Gen.Int[1, 3]
        from padTop in Gen.Int[0, 5]
        from padLeft in Gen.Int[0, 5]
        from padBottom in Gen.Int[0, 5]
        from padRight in Gen.Int[0, 5]
        from moreRows in Gen.Int[0, 5]
        from moreColumns in Gen.Int[0, 5]
        select new ConvolutionGeometry
        {
            Batch = batch,
            InputHeight = Math.Max(1, ((kernelHeight - 1) * dilationHeight) + 1 - padTop - padBottom + moreRows),
            InputWidth = Math.Max(1, ((kernelWidth - 1) * dilationWidth) + 1 - padLeft - padRight + moreColumns),
            InputChannels = inputs * groups,
            OutputChannels = outputs * groups,
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = strideHeight,
            StrideWidth = strideWidth,
            PadTop = padTop,
            PadLeft = padLeft,
            PadBottom = padBottom,
            PadRight = padRight,
            DilationHeight = dilationHeight,
            DilationWidth = dilationWidth,
            Groups = groups,
        };

    /// <summary>Any pooling of windows up to 5x5.</summary>
    public static readonly Gen<PoolGeometry> Poolings =
        from batch in Gen.Int[1, 3]
        from channels in Gen.Int[1, 40]
        from windowHeight in Gen.Int[1, 5]
        from windowWidth in Gen.Int[1, 5]
        from strideHeight in Gen.Int[1, 6]
        from strideWidth in Gen.Int[1, 6]
        from padTop in Gen.Int[0, windowHeight - 1]
        from padLeft in Gen.Int[0, windowWidth - 1]
        from padBottom in Gen.Int[0, windowHeight - 1]
        from padRight in Gen.Int[0, windowWidth - 1]
        from moreRows in Gen.Int[0, 7]
        from moreColumns in Gen.Int[0, 7]
        select new PoolGeometry
        {
            Batch = batch,
            InputHeight = Math.Max(1, windowHeight - padTop - padBottom + moreRows),
            InputWidth = Math.Max(1, windowWidth - padLeft - padRight + moreColumns),
            Channels = channels,
            WindowHeight = windowHeight,
            WindowWidth = windowWidth,
            StrideHeight = strideHeight,
            StrideWidth = strideWidth,
            PadTop = padTop,
            PadLeft = padLeft,
            PadBottom = padBottom,
            PadRight = padRight,
        };

    /// <summary>The same with as much overhang as ceil mode gives: where a window would begin in the padding after the picture, none.</summary>
    public static readonly Gen<PoolGeometry> CeilPoolings = Poolings.Select(g =>
    {
        ReferencePoolShape ceil = g.Twin() with { Ceil = true };
        int rows = ((ceil.OutputHeight - 1) * g.StrideHeight) + g.WindowHeight, columns = ((ceil.OutputWidth - 1) * g.StrideWidth) + g.WindowWidth;
        return g with
        {
            OverhangBottom = Math.Max(0, rows - g.PadTop - g.InputHeight - g.PadBottom),
            OverhangRight = Math.Max(0, columns - g.PadLeft - g.InputWidth - g.PadRight),
        };
    });

    /// <summary>Any pooling between sides of up to 15.</summary>
    public static readonly Gen<AdaptivePoolGeometry> AdaptivePoolings =
        from batch in Gen.Int[1, 3]
        from channels in Gen.Int[1, 40]
        from inputHeight in Gen.Int[1, 15]
        from inputWidth in Gen.Int[1, 15]
        from outputHeight in Gen.Int[1, 15]
        from outputWidth in Gen.Int[1, 15]
        select new AdaptivePoolGeometry
        {
            Batch = batch,
            InputHeight = inputHeight,
            InputWidth = inputWidth,
            Channels = channels,
            OutputHeight = outputHeight,
            OutputWidth = outputWidth,
        };

    /// <summary>A convolution without padding.</summary>
    public static ConvolutionGeometry Valid(int batch, int height, int width, int inputs, int outputs, int kernelHeight, int kernelWidth) => new()
    {
        Batch = batch,
        InputHeight = height,
        InputWidth = width,
        InputChannels = inputs,
        OutputChannels = outputs,
        KernelHeight = kernelHeight,
        KernelWidth = kernelWidth,
    };

    /// <summary>A stride-1 convolution whose output is as large as its input; an even kernel pads one more at bottom and right.</summary>
    public static ConvolutionGeometry Same(int batch, int height, int width, int inputs, int outputs, int kernelHeight, int kernelWidth) =>
        Valid(batch, height, width, inputs, outputs, kernelHeight, kernelWidth) with
        {
            PadTop = (kernelHeight - 1) / 2,
            PadBottom = kernelHeight / 2,
            PadLeft = (kernelWidth - 1) / 2,
            PadRight = kernelWidth / 2,
        };

    public static ReferenceConvolutionShape Twin(this in ConvolutionGeometry g) => new(
        g.Batch, g.InputHeight, g.InputWidth, g.InputChannels, g.OutputChannels, g.KernelHeight, g.KernelWidth, g.StrideHeight, g.StrideWidth,
        g.PadTop, g.PadLeft, g.PadBottom, g.PadRight, g.DilationHeight, g.DilationWidth, g.Groups);

    public static ReferencePoolShape Twin(this in PoolGeometry g) => new(
        g.Batch, g.InputHeight, g.InputWidth, g.Channels, g.WindowHeight, g.WindowWidth, g.StrideHeight, g.StrideWidth,
        g.PadTop, g.PadLeft, g.PadBottom, g.PadRight, g.OverhangBottom + g.OverhangRight > 0);

    public static ReferenceAdaptivePoolShape Twin(this in AdaptivePoolGeometry g) =>
        new(g.Batch, g.InputHeight, g.InputWidth, g.Channels, g.OutputHeight, g.OutputWidth);

    public static AdaptivePoolGeometry Kernel(this ReferenceAdaptivePoolShape s) => new()
    {
        Batch = s.Batch,
        InputHeight = s.InputHeight,
        InputWidth = s.InputWidth,
        Channels = s.Channels,
        OutputHeight = s.OutputHeight,
        OutputWidth = s.OutputWidth,
    };

    public static ConvolutionGeometry Kernel(this ReferenceConvolutionShape s) => new()
    {
        Batch = s.Batch,
        InputHeight = s.InputHeight,
        InputWidth = s.InputWidth,
        InputChannels = s.InputChannels,
        OutputChannels = s.OutputChannels,
        KernelHeight = s.KernelHeight,
        KernelWidth = s.KernelWidth,
        StrideHeight = s.StrideHeight,
        StrideWidth = s.StrideWidth,
        PadTop = s.PadTop,
        PadLeft = s.PadLeft,
        PadBottom = s.PadBottom,
        PadRight = s.PadRight,
        DilationHeight = s.DilationHeight,
        DilationWidth = s.DilationWidth,
        Groups = s.Groups,
    };

    public static PoolGeometry Kernel(this ReferencePoolShape s) => new()
    {
        Batch = s.Batch,
        InputHeight = s.InputHeight,
        InputWidth = s.InputWidth,
        Channels = s.Channels,
        WindowHeight = s.KernelHeight,
        WindowWidth = s.KernelWidth,
        StrideHeight = s.StrideHeight,
        StrideWidth = s.StrideWidth,
        PadTop = s.PadTop,
        PadLeft = s.PadLeft,
        PadBottom = s.PadBottom,
        PadRight = s.PadRight,
    };
}
