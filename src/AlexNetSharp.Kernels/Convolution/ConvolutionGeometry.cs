namespace AlexNetSharp.Kernels.Convolution;

/// <summary>The sizes of a 2-D convolution; pictures are NHWC, weights OHWI: [output channels, kernel height, kernel width, input channels / groups].</summary>
public readonly record struct ConvolutionGeometry
{
    // The tables of tap offsets live on the stack.
    private const int MaximalTaps = 4096;

    /// <summary>N, pictures.</summary>
    public required int Batch { get; init; }

    /// <summary>H of the input.</summary>
    public required int InputHeight { get; init; }

    /// <summary>W of the input.</summary>
    public required int InputWidth { get; init; }

    /// <summary>C of the input.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Filters: C of the output.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Rows of a filter.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of a filter.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Input rows from one output row to the next.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Input columns from one output column to the next.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Rows of zeros above the input.</summary>
    public int PadTop { get; init; }

    /// <summary>Columns of zeros left of the input.</summary>
    public int PadLeft { get; init; }

    /// <summary>Rows of zeros below the input.</summary>
    public int PadBottom { get; init; }

    /// <summary>Columns of zeros right of the input.</summary>
    public int PadRight { get; init; }

    /// <summary>Input rows from one filter row to the next.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Input columns from one filter column to the next.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Parts that the channels are cut into; filters of a part see only its input channels (Krizhevsky et al. 2012, §3.5).</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Creates a geometry with stride, dilation and groups 1 and no padding.</summary>
    public ConvolutionGeometry()
    {
    }

    /// <summary>H of the output.</summary>
    public int OutputHeight => ((InputHeight + PadTop + PadBottom - ((KernelHeight - 1) * DilationHeight) - 1) / StrideHeight) + 1;

    /// <summary>W of the output.</summary>
    public int OutputWidth => ((InputWidth + PadLeft + PadRight - ((KernelWidth - 1) * DilationWidth) - 1) / StrideWidth) + 1;

    /// <summary>Floats of the input.</summary>
    public long InputLength => (long)Batch * InputHeight * InputWidth * InputChannels;

    /// <summary>Floats of the output.</summary>
    public long OutputLength => (long)Batch * OutputHeight * OutputWidth * OutputChannels;

    /// <summary>Floats of the weights.</summary>
    public long WeightLength => (long)OutputChannels * KernelHeight * KernelWidth * (InputChannels / Groups);

    /// <summary>Multiply-accumulates of the forward pass, padding counted.</summary>
    public long MultiplyAccumulates => OutputLength * KernelHeight * KernelWidth * (InputChannels / Groups);

    /// <summary>Throws unless every size makes sense and the output is not empty.</summary>
    /// <exception cref="ArgumentException">Names the size at fault.</exception>
    public void Validate()
    {
        ReadOnlySpan<(int Value, string Name)> positive =
        [
            (Batch, nameof(Batch)), (InputHeight, nameof(InputHeight)), (InputWidth, nameof(InputWidth)), (InputChannels, nameof(InputChannels)),
            (OutputChannels, nameof(OutputChannels)), (KernelHeight, nameof(KernelHeight)), (KernelWidth, nameof(KernelWidth)),
            (StrideHeight, nameof(StrideHeight)), (StrideWidth, nameof(StrideWidth)), (DilationHeight, nameof(DilationHeight)),
            (DilationWidth, nameof(DilationWidth)), (Groups, nameof(Groups)),
        ];
        foreach ((int value, string name) in positive)
        {
            if (value < 1)
                throw new ArgumentException($"Convolution: {name} is {value}; it must be at least 1.");
        }
        if ((long)KernelHeight * KernelWidth > MaximalTaps)
            throw new ArgumentException($"Convolution: the kernel is {KernelHeight}x{KernelWidth}; at most {MaximalTaps} positions are supported.");
        if (PadTop < 0 || PadLeft < 0 || PadBottom < 0 || PadRight < 0)
            throw new ArgumentException($"Convolution: padding is {PadTop}, {PadLeft}, {PadBottom}, {PadRight} (top, left, bottom, right); it must not be negative.");
        if (InputChannels % Groups != 0 || OutputChannels % Groups != 0)
            throw new ArgumentException($"Convolution: {InputChannels} input and {OutputChannels} output channels cannot be cut into {Groups} groups; both must be multiples of it.");
        // In 64 bits: a span or a sum that wraps around would pass for one that fits.
        long spanHeight = ((KernelHeight - 1L) * DilationHeight) + 1, spanWidth = ((KernelWidth - 1L) * DilationWidth) + 1;
        long height = (long)InputHeight + PadTop + PadBottom, width = (long)InputWidth + PadLeft + PadRight;
        if (height < spanHeight || width < spanWidth)
            throw new ArgumentException($"Convolution: the padded input is {height}x{width}, smaller than the {spanHeight}x{spanWidth} filter. Use a larger picture, a smaller kernel or more padding.");
        if (height > int.MaxValue || width > int.MaxValue)
            throw new ArgumentException($"Convolution: the padded input is {height}x{width}; at most {int.MaxValue} rows and columns are supported.");
    }
}
