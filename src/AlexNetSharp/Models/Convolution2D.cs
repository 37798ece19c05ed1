using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Convolution;

namespace AlexNetSharp.Models;

/// <summary>A 2-D convolution with bias.</summary>
public sealed record Convolution2D : ParametricLayer
{
    /// <summary>Output channels.</summary>
    public required int Filters { get; init; }

    /// <summary>Rows and columns of a filter.</summary>
    public required int Kernel { get; init; }

    /// <summary>Input positions from one output to the next.</summary>
    [JsonRequired]
    public int Stride { get; init; } = 1;

    /// <summary>The rim.</summary>
    [JsonRequired]
    public Padding Padding { get; init; } = Padding.Same;

    /// <summary>Parts that the channels are cut into (Krizhevsky et al. 2012, §3.5).</summary>
    [JsonRequired]
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public override string Kind => "Convolution";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input)
    {
        ValidateBias();
        ConvolutionGeometry geometry = Geometry(input, 1);
        return new FeatureShape(geometry.OutputHeight, geometry.OutputWidth, Filters);
    }

    /// <inheritdoc/>
    public override ImmutableArray<ParameterSpec> Parameters(FeatureShape input)
    {
        int fanIn = checked(Kernel * Kernel * (input.Channels / Groups)), fanOut = checked(Kernel * Kernel * (Filters / Groups));
        return
        [
            new($"{Name}.weight", ParameterRole.Weight, [Filters, Kernel, Kernel, input.Channels / Groups], fanIn, fanOut),
            new($"{Name}.bias", ParameterRole.Bias, [Filters], fanIn, fanOut),
        ];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) => Geometry(input, 1).MultiplyAccumulates;

    /// <summary>The kernel's geometry for a batch of this input.</summary>
    internal ConvolutionGeometry Geometry(FeatureShape input, int batch)
    {
        if (Filters < 1 || Kernel < 1 || Stride < 1 || Groups < 1)
            throw Invalid($"filters {Filters}, kernel {Kernel}, stride {Stride}, groups {Groups}; each must be at least 1.");
        (int top, int left, int bottom, int right) = Padding.Resolve(input.Height, input.Width, Kernel, Kernel, Stride);
        ConvolutionGeometry geometry = new()
        {
            Batch = batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            InputChannels = input.Channels,
            OutputChannels = Filters,
            KernelHeight = Kernel,
            KernelWidth = Kernel,
            StrideHeight = Stride,
            StrideWidth = Stride,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
            Groups = Groups,
        };
        try
        {
            geometry.Validate();
        }
        catch (ArgumentException e)
        {
            throw Invalid($"input {input} (NHWC). {e.Message}", e);
        }
        return geometry;
    }
}
