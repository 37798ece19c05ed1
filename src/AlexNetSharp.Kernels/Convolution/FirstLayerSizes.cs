using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>How <see cref="FirstLayerConvolution"/> cuts a stage into tasks and steps, by the stage's sizes alone, and where things lie in its scratch.</summary>
internal readonly struct FirstLayerSizes
{
    private const int Line = PanelLayout.Columns;

    // A step's sums for two panels: they are read again at once, and with the weights and the picture's rows should still be in an L1 of 32 KB.
    private const int StepFloats = 16 * 1024 / sizeof(float);

    // Enough to keep a few dozen threads busy evenly.
    private const int WantedTasks = 32;

    // More partial weight gradients would only be more to add up.
    private const int MaximalPartials = 16;

    public FirstLayerSizes(in ConvolutionStage stage)
    {
        ConvolutionGeometry g = stage.Convolution;
        Batch = g.Batch;
        Channels = g.OutputChannels;
        Panels = PanelLayout.Panels(g.OutputChannels);
        Depth = g.KernelHeight * g.KernelWidth * g.InputChannels;
        Rows = g.OutputHeight;
        Width = g.OutputWidth;
        KernelHeight = g.KernelHeight;
        StrideHeight = g.StrideHeight;
        PixelStep = g.StrideWidth * g.InputChannels;
        PaddedRow = (((long)(g.OutputWidth - 1) * g.StrideWidth) + g.KernelWidth) * g.InputChannels;

        // Without pooling an output row is its own window.
        PoolGeometry pool = stage.Pooling.GetValueOrDefault();
        (Window, WindowStride, WindowPad) = stage.Pooling is null ? (1, 1, 0) : (pool.WindowHeight, pool.StrideHeight, pool.PadTop);
        OutputRows = stage.Pooling is null ? Rows : pool.OutputHeight;
        int wanted = Math.Max(1, StepFloats / (int)Math.Min(StepFloats, 2L * Line * Width));
        OutputRowsPerStep = Math.Min(OutputRows, Math.Max(1, ((wanted - Window) / WindowStride) + 1));
        StepRows = (int)Math.Min(Rows, ((long)(OutputRowsPerStep - 1) * WindowStride) + Window);
        // Tasks compute the rows that windows share with the task above once more: an eighth of all at most.
        int steps = Blocks(OutputRows, OutputRowsPerStep), shared = Math.Max(0, Window - WindowStride);
        int fewest = Math.Min(steps, Blocks(Blocks(8 * shared, WindowStride), OutputRowsPerStep));
        StepsPerTask = Math.Max(Math.Max(1, fewest), Blocks(steps, Blocks(WantedTasks, Batch)));
        TasksPerPicture = Blocks(steps, StepsPerTask);

        // Whole windows where they do not overlap, so that the gradient of each is read once.
        BandRows = Math.Min(Rows, wanted >= WindowStride ? wanted / WindowStride * WindowStride : wanted);
        PicturesPerPartial = Blocks(Batch, MaximalPartials);
        Partials = Blocks(Batch, PicturesPerPartial);
        PairsPerTask = Blocks(Blocks(Panels, 2), Blocks(MaximalPartials, Partials));
        TasksPerPartial = Blocks(Blocks(Panels, 2), PairsPerTask);
    }

    public int Batch { get; }

    /// <summary>Filters.</summary>
    public int Channels { get; }

    /// <summary>Panels of 16 filters.</summary>
    public int Panels { get; }

    /// <summary>Products in a sum: taps times input channels.</summary>
    public int Depth { get; }

    /// <summary>Rows of the convolution's output.</summary>
    public int Rows { get; }

    /// <summary>Columns of the convolution's output.</summary>
    public int Width { get; }

    /// <summary>Floats of a padded input row, as far as patches reach.</summary>
    public long PaddedRow { get; }

    /// <summary>Floats from a pixel's patch to the next one's.</summary>
    public int PixelStep { get; }

    /// <summary>Rows of what the stage writes.</summary>
    public int OutputRows { get; }

    /// <summary>Of those, how many the forward pass takes at a time.</summary>
    public int OutputRowsPerStep { get; }

    /// <summary>The convolution's rows in those, at most.</summary>
    public int StepRows { get; }

    /// <summary>Steps that a task of the forward pass takes.</summary>
    public int StepsPerTask { get; }

    /// <summary>Tasks of the forward pass for each picture.</summary>
    public int TasksPerPicture { get; }

    /// <summary>The convolution's rows that the weight gradient takes at a time.</summary>
    public int BandRows { get; }

    /// <summary>Pictures whose weight gradients are summed one after another.</summary>
    public int PicturesPerPartial { get; }

    /// <summary>Sums of them, added up at the end.</summary>
    public int Partials { get; }

    /// <summary>Pairs of panels that a task of the weight gradient takes.</summary>
    public int PairsPerTask { get; }

    /// <summary>Tasks of the weight gradient for each partial sum.</summary>
    public int TasksPerPartial { get; }

    /// <summary>Floats of the table of offsets.</summary>
    public long OffsetsLength => Lines(Depth);

    /// <summary>Floats of the weights, or of a partial gradient of them: a matrix of panels.</summary>
    public long WeightsLength => PanelLayout.Length(Depth, Channels);

    /// <summary>Floats of the pictures' bias gradients.</summary>
    public long BiasesLength => Lines((long)Batch * Channels);

    /// <summary>Floats of the padded rows of a step.</summary>
    public long StepInput => Lines(PaddedRowsLength(StepRows));

    /// <summary>Floats of the padded rows of a band.</summary>
    public long BandInput => Lines(PaddedRowsLength(BandRows));

    /// <summary>Floats from a panel's slice of a step to the next one's; a line is left between them, as in <see cref="PanelLayout"/>.</summary>
    public long StepSlice => (((long)StepRows * Width) + 1) * Line;

    /// <summary>The same of a band.</summary>
    public long BandSlice => (((long)BandRows * Width) + 1) * Line;

    /// <summary>Floats that a thread of the forward pass needs.</summary>
    public long ForwardPerThread => StepInput + (StepSlice * Panels);

    /// <summary>Floats that a thread of the weight gradient needs.</summary>
    public long GradientPerThread => BandInput + (2 * BandSlice);

    private int KernelHeight { get; }

    private int StrideHeight { get; }

    private int Window { get; }

    private int WindowStride { get; }

    private int WindowPad { get; }

    /// <summary>Input rows that some of the convolution's rows see.</summary>
    public int InputRows(int rows) => ((rows - 1) * StrideHeight) + KernelHeight;

    /// <summary>The convolution's rows that go into the stage's rows from first to end.</summary>
    public (int First, int End) ConvolutionRows(int first, int end) =>
        (Math.Max((first * WindowStride) - WindowPad, 0), Math.Min(((end - 1) * WindowStride) - WindowPad + Window, Rows));

    private static int Blocks(int size, int block) => (size + block - 1) / block;

    private static long Lines(long floats) => (floats + Line - 1) / Line * Line;

    private long PaddedRowsLength(int rows) => (((rows - 1L) * StrideHeight) + KernelHeight) * PaddedRow;
}
