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
    public required Size2D Kernel { get; init; }

    /// <summary>Input positions from one output to the next.</summary>
    [JsonRequired]
    public Size2D Stride { get; init; } = 1;

    /// <summary>Input positions from one of a filter's rows or columns to the next; 1 for a filter without gaps. In JSON it may be left out for 1.</summary>
    [JsonIgnore]
    public Size2D Dilation { get; init; } = 1;

    /// <summary><see cref="Dilation"/> as files have it: null, and not written, for 1, which files from before there was a dilation mean.</summary>
    [JsonInclude, JsonPropertyName("dilation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal Size2D? WrittenDilation { get => Dilation == 1 ? null : Dilation; init => Dilation = value ?? 1; }

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
        int taps = checked(Kernel.Height * Kernel.Width), fanIn = checked(taps * (input.Channels / Groups)), fanOut = checked(taps * (Filters / Groups));
        return
        [
            new($"{Name}.weight", ParameterRole.Weight, [Filters, Kernel.Height, Kernel.Width, input.Channels / Groups], fanIn, fanOut),
            new($"{Name}.bias", ParameterRole.Bias, [Filters], fanIn, fanOut),
        ];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) => Geometry(input, 1).MultiplyAccumulates;

    /// <summary>The kernel's geometry for a batch of this input.</summary>
    internal ConvolutionGeometry Geometry(FeatureShape input, int batch)
    {
        if (Filters < 1 || !Kernel.IsPositive || !Stride.IsPositive || Groups < 1)
            throw Invalid($"filters {Filters}, kernel {Kernel}, stride {Stride}, groups {Groups}; each must be at least 1.");
        if (!Dilation.IsPositive)
            throw Invalid($"dilation {Dilation}; it must be at least 1.");
        int spanHeight = checked(((Kernel.Height - 1) * Dilation.Height) + 1), spanWidth = checked(((Kernel.Width - 1) * Dilation.Width) + 1);
        (int top, int left, int bottom, int right) = Padding.Resolve(input.Height, input.Width, spanHeight, spanWidth, Stride);
        ConvolutionGeometry geometry = new()
        {
            Batch = batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            InputChannels = input.Channels,
            OutputChannels = Filters,
            KernelHeight = Kernel.Height,
            KernelWidth = Kernel.Width,
            StrideHeight = Stride.Height,
            StrideWidth = Stride.Width,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
            DilationHeight = Dilation.Height,
            DilationWidth = Dilation.Width,
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
