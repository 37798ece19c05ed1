using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>A dense (fully connected) layer: output = activation(input · weights + bias), with its gradients.</summary>
/// <remarks>
/// <para>
/// Weights are kept for good in panels of 16 outputs, [outputs / 16][inputs + 1][16]: rows are padded to a multiple of 16, columns to whole
/// panels, both with zeros; the line after a panel's rows is not used. All three products read or write this one layout, so weights are
/// never packed. Gradients and an optimiser's state are laid out alike.
/// </para>
/// <para>
/// Every sum is one chain of multiply-adds in order, whatever the batch and the number of threads: a row's output has the same bits alone
/// and among others.
/// </para>
/// </remarks>
public static unsafe class DenseLayer
{
    /// <summary>Floats of scratch that <see cref="Forward"/> needs.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="threadCount">The team's threads.</param>
    /// <exception cref="ArgumentException">A size is below one, or the layer is too large.</exception>
    public static int ForwardScratchLength(in DenseGeometry geometry, int threadCount)
    {
        geometry.Validate();
        return Indexable((long)DenseForward.ScratchPerThread(geometry) * threadCount, geometry);
    }

    /// <summary>Floats of scratch that each of the gradients needs.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="threadCount">The team's threads.</param>
    /// <exception cref="ArgumentException">A size is below one, or the layer is too large.</exception>
    public static int BackwardScratchLength(in DenseGeometry geometry, int threadCount)
    {
        geometry.Validate();
        long dataGradient = DenseDataGradient.SharedScratch(geometry) + ((long)DenseDataGradient.ScratchPerThread(geometry) * threadCount);
        long weightGradient = DenseWeightGradient.SharedScratch(geometry) + ((long)DenseWeightGradient.ScratchPerThread * threadCount);
        return Indexable(Math.Max(dataGradient, weightGradient), geometry);
    }

    /// <summary>Outputs whose weights lie in one panel.</summary>
    public const int PanelOutputs = PanelLayout.Columns;

    /// <summary>Puts weights into panels.</summary>
    /// <param name="rowMajor">[inputs, outputs].</param>
    /// <param name="weights">In panels, <see cref="DenseGeometry.WeightLength"/>; overwritten, padding included.</param>
    /// <param name="geometry">The sizes; the batch does not matter.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry.</exception>
    public static void PackWeights(ReadOnlySpan<float> rowMajor, Span<float> weights, in DenseGeometry geometry)
    {
        geometry.Validate();
        Check.Length(rowMajor, (long)geometry.Inputs * geometry.Outputs, nameof(rowMajor));
        Check.Length((ReadOnlySpan<float>)weights, geometry.WeightLength, nameof(weights));
        weights.Clear();
        for (int column = 0; column < geometry.Outputs; column += PanelLayout.Columns)
        {
            int columns = Math.Min(PanelLayout.Columns, geometry.Outputs - column);
            Span<float> panel = weights[PanelStart(column, geometry)..];
            for (int row = 0; row < geometry.Inputs; row++)
                rowMajor.Slice((row * geometry.Outputs) + column, columns).CopyTo(panel[(row * PanelLayout.Columns)..]);
        }
    }

    /// <summary>Takes weights out of panels.</summary>
    /// <param name="weights">In panels.</param>
    /// <param name="rowMajor">[inputs, outputs], overwritten.</param>
    /// <param name="geometry">The sizes; the batch does not matter.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry.</exception>
    public static void UnpackWeights(ReadOnlySpan<float> weights, Span<float> rowMajor, in DenseGeometry geometry)
    {
        geometry.Validate();
        Check.Length(weights, geometry.WeightLength, nameof(weights));
        Check.Length((ReadOnlySpan<float>)rowMajor, (long)geometry.Inputs * geometry.Outputs, nameof(rowMajor));
        for (int column = 0; column < geometry.Outputs; column += PanelLayout.Columns)
        {
            int columns = Math.Min(PanelLayout.Columns, geometry.Outputs - column);
            ReadOnlySpan<float> panel = weights[PanelStart(column, geometry)..];
            for (int row = 0; row < geometry.Inputs; row++)
                panel.Slice(row * PanelLayout.Columns, columns).CopyTo(rowMajor[((row * geometry.Outputs) + column)..]);
        }
    }

    /// <summary>Puts an input into the panels that the forward pass and the weight gradient read.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="packedInput">[inputs / 16][batch + 1][16], <see cref="DenseGeometry.PackedInputLength"/>; overwritten but for the unused lines.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry.</exception>
    public static void PackInput(ReadOnlySpan<float> input, Span<float> packedInput, in DenseGeometry geometry, ThreadTeam team)
    {
        geometry.Validate();
        Check.Length(input, geometry.InputLength, nameof(input));
        Check.Length((ReadOnlySpan<float>)packedInput, geometry.PackedInputLength, nameof(packedInput));
        fixed (float* x = input, panels = packedInput)
            PanelCopy.Run(x, panels, geometry.Batch, geometry.Inputs, team);
    }

    /// <summary>output = activation(input · weights + bias).</summary>
    /// <param name="packedInput">From <see cref="PackInput"/>.</param>
    /// <param name="weights">In panels.</param>
    /// <param name="bias">[outputs], added to every row; empty for none.</param>
    /// <param name="output">[batch, outputs], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    /// <param name="scratch">At least <see cref="ForwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or a size is below one.</exception>
    public static void Forward(
        ReadOnlySpan<float> packedInput, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> output,
        in DenseGeometry geometry, ActivationKind activation, Span<float> scratch, ThreadTeam team)
    {
        int needed = ForwardScratchLength(geometry, team.ThreadCount);
        Check.Length(packedInput, geometry.PackedInputLength, nameof(packedInput));
        Check.Length(weights, geometry.WeightLength, nameof(weights));
        if (!bias.IsEmpty)
            Check.Length(bias, geometry.Outputs, nameof(bias));
        Check.Length((ReadOnlySpan<float>)output, geometry.OutputLength, nameof(output));
        Check.AtLeast(scratch, needed, nameof(scratch));
        fixed (float* x = packedInput, w = weights, b = bias, y = output, memory = scratch)
            DenseForward.Run(x, w, b, y, geometry, activation, memory, team);
    }

    /// <summary>∂L/∂input = dOutput · weightsᵀ.</summary>
    /// <param name="dOutput">[batch, outputs], of the sums before the activation.</param>
    /// <param name="weights">In panels.</param>
    /// <param name="dInput">[batch, inputs], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="scratch">At least <see cref="BackwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or a size is below one.</exception>
    public static void DataGradient(
        ReadOnlySpan<float> dOutput, ReadOnlySpan<float> weights, Span<float> dInput, in DenseGeometry geometry, Span<float> scratch, ThreadTeam team)
    {
        int needed = BackwardScratchLength(geometry, team.ThreadCount);
        Check.Length(dOutput, geometry.OutputLength, nameof(dOutput));
        Check.Length(weights, geometry.WeightLength, nameof(weights));
        Check.Length((ReadOnlySpan<float>)dInput, geometry.InputLength, nameof(dInput));
        Check.AtLeast(scratch, needed, nameof(scratch));
        fixed (float* dy = dOutput, w = weights, dx = dInput, memory = scratch)
            DenseDataGradient.Run(dy, w, dx, geometry, memory, team);
    }

    /// <summary>∂L/∂weights = inputᵀ · dOutput.</summary>
    /// <param name="packedInput">From <see cref="PackInput"/>.</param>
    /// <param name="dOutput">[batch, outputs], of the sums before the activation.</param>
    /// <param name="dWeights">In panels like the weights; overwritten, padding with zeros, but for the unused lines.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="scratch">At least <see cref="BackwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or a size is below one.</exception>
    public static void WeightGradient(
        ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, Span<float> dWeights, in DenseGeometry geometry, Span<float> scratch, ThreadTeam team)
    {
        CheckGradient(packedInput, dOutput, geometry, scratch, team);
        Check.Length((ReadOnlySpan<float>)dWeights, geometry.WeightLength, nameof(dWeights));
        fixed (float* x = packedInput, dy = dOutput, dw = dWeights, memory = scratch)
            DenseWeightGradient.Run(x, dy, dw, geometry, memory, team);
    }

    /// <summary>
    /// One update of <see cref="Adam"/> with ∂L/∂weights, each tile of which is used up while it is in cache: the same bits as
    /// <see cref="WeightGradient"/> and <see cref="Adam.Update"/>, without a gradient in memory.
    /// </summary>
    /// <param name="packedInput">From <see cref="PackInput"/>.</param>
    /// <param name="dOutput">[batch, outputs], of the sums before the activation.</param>
    /// <param name="weights">In panels; updated in place.</param>
    /// <param name="firstMoment">m, laid out alike; updated in place.</param>
    /// <param name="secondMoment">v, laid out alike; updated in place.</param>
    /// <param name="step">The constants.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="scratch">At least <see cref="BackwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, a size is below one, or a constant is out of its range.</exception>
    public static void WeightGradientWithAdam(
        ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, Span<float> weights, Span<float> firstMoment, Span<float> secondMoment,
        in AdamStep step, in DenseGeometry geometry, Span<float> scratch, ThreadTeam team)
    {
        CheckGradient(packedInput, dOutput, geometry, scratch, team);
        Check.Length((ReadOnlySpan<float>)weights, geometry.WeightLength, nameof(weights));
        Check.Length((ReadOnlySpan<float>)firstMoment, geometry.WeightLength, nameof(firstMoment));
        Check.Length((ReadOnlySpan<float>)secondMoment, geometry.WeightLength, nameof(secondMoment));
        AdamRule rule = new(step);
        fixed (float* x = packedInput, dy = dOutput, w = weights, m = firstMoment, v = secondMoment, memory = scratch)
            DenseWeightGradient.RunUpdate(x, dy, w, m, v, rule, geometry, memory, team);
    }

    /// <summary>
    /// One update of <see cref="Sgd"/> with ∂L/∂weights, each tile of which is used up while it is in cache: the same bits as
    /// <see cref="WeightGradient"/> and <see cref="Sgd.Update"/>, without a gradient in memory.
    /// </summary>
    /// <param name="packedInput">From <see cref="PackInput"/>.</param>
    /// <param name="dOutput">[batch, outputs], of the sums before the activation.</param>
    /// <param name="weights">In panels; updated in place.</param>
    /// <param name="velocity">Laid out alike; updated in place.</param>
    /// <param name="step">The constants.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="scratch">At least <see cref="BackwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, a size is below one, or a constant is out of its range.</exception>
    public static void WeightGradientWithSgd(
        ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, Span<float> weights, Span<float> velocity,
        in SgdStep step, in DenseGeometry geometry, Span<float> scratch, ThreadTeam team)
    {
        CheckGradient(packedInput, dOutput, geometry, scratch, team);
        Check.Length((ReadOnlySpan<float>)weights, geometry.WeightLength, nameof(weights));
        Check.Length((ReadOnlySpan<float>)velocity, geometry.WeightLength, nameof(velocity));
        SgdRule rule = new(step);
        fixed (float* x = packedInput, dy = dOutput, w = weights, v = velocity, memory = scratch)
            DenseWeightGradient.RunUpdate(x, dy, w, v, null, rule, geometry, memory, team);
    }

    private static int Indexable(long floats, in DenseGeometry geometry) => floats <= int.MaxValue
        ? (int)floats
        : throw new ArgumentException($"{geometry} needs {floats} floats of scratch memory, more than an array holds.");

    private static int PanelStart(int column, in DenseGeometry geometry) =>
        (int)PanelLayout.Stride(PanelLayout.RoundUp(geometry.Inputs)) * (column / PanelLayout.Columns);

    private static void CheckGradient(ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, in DenseGeometry geometry, Span<float> scratch, ThreadTeam team)
    {
        int needed = BackwardScratchLength(geometry, team.ThreadCount);
        Check.Length(packedInput, geometry.PackedInputLength, nameof(packedInput));
        Check.Length(dOutput, geometry.OutputLength, nameof(dOutput));
        Check.AtLeast(scratch, needed, nameof(scratch));
    }
}
