using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>Every kernel called through guarded memory: operands, results and scratch of exactly the length it asks for.</summary>
internal static class Calls
{
    public static float[] Multiply(in GemmGeometry g, float[] a, float[] b, float[] bias, ActivationKind activation, ThreadTeam team)
    {
        Guarded<float> c = new(g.M * g.N), scratch = new(Gemm.ScratchLength(g, team.ThreadCount));
        Gemm.Multiply(Guard(a), Guard(b), Guard(bias), c.Span, g, activation, scratch.Span, team);
        scratch.Values();
        return c.Values();
    }

    public static float[] ConvolutionForward(
        in ConvolutionGeometry g, float[] input, float[] weights, float[] bias, ActivationKind activation, ThreadTeam team)
    {
        Guarded<float> output = new((int)g.OutputLength), scratch = new(SpatialConvolution.ScratchLength(g, team.ThreadCount));
        SpatialConvolution.Forward(Guard(input), Guard(weights), Guard(bias), output.Span, g, activation, scratch.Span, team);
        scratch.Values();
        return output.Values();
    }

    public static float[] ConvolutionDataGradient(in ConvolutionGeometry g, float[] dOutput, float[] weights, ThreadTeam team)
    {
        Guarded<float> dInput = new((int)g.InputLength), scratch = new(SpatialConvolution.ScratchLength(g, team.ThreadCount));
        SpatialConvolution.DataGradient(Guard(dOutput), Guard(weights), dInput.Span, g, scratch.Span, team);
        scratch.Values();
        return dInput.Values();
    }

    public static float[] ConvolutionWeightGradient(in ConvolutionGeometry g, float[] input, float[] dOutput, ThreadTeam team)
    {
        Guarded<float> dWeights = new((int)g.WeightLength), scratch = new(SpatialConvolution.ScratchLength(g, team.ThreadCount));
        SpatialConvolution.WeightGradient(Guard(input), Guard(dOutput), dWeights.Span, g, scratch.Span, team);
        scratch.Values();
        return dWeights.Values();
    }

    /// <summary>Weights in panels; what kernels must not read, the lines between panels, is NaN.</summary>
    public static float[] PackWeights(in DenseGeometry g, float[] rowMajor)
    {
        Guarded<float> panels = new((int)g.WeightLength);
        DenseLayer.PackWeights(Guard(rowMajor), panels.Span, g);
        float[] packed = panels.Values();
        FillUnusedLines(g, packed, float.NaN);
        return packed;
    }

    public static float[] UnpackWeights(in DenseGeometry g, float[] panels)
    {
        Guarded<float> rowMajor = new(g.Inputs * g.Outputs);
        DenseLayer.UnpackWeights(Guard(panels), rowMajor.Span, g);
        return rowMajor.Values();
    }

    public static void FillUnusedLines(in DenseGeometry g, float[] panels, float value)
    {
        int stride = panels.Length / ((g.Outputs + 15) / 16);
        for (int end = stride; end <= panels.Length; end += stride)
            panels.AsSpan(end - 16, 16).Fill(value);
    }

    /// <summary>The input in panels, of which the kernel leaves the lines between panels at NaN.</summary>
    public static float[] PackInput(in DenseGeometry g, float[] input, ThreadTeam team)
    {
        Guarded<float> panels = new((int)g.PackedInputLength);
        DenseLayer.PackInput(Guard(input), panels.Span, g, team);
        return panels.Values();
    }

    public static float[] DenseForward(in DenseGeometry g, float[] input, float[] weights, float[] bias, ActivationKind activation, ThreadTeam team)
    {
        Guarded<float> output = new((int)g.OutputLength), scratch = new(DenseLayer.ForwardScratchLength(g, team.ThreadCount));
        DenseLayer.Forward(Guard(PackInput(g, input, team)), Guard(PackWeights(g, weights)), Guard(bias), output.Span, g, activation, scratch.Span, team);
        scratch.Values();
        return output.Values();
    }

    public static float[] DenseDataGradient(in DenseGeometry g, float[] dOutput, float[] weights, ThreadTeam team)
    {
        Guarded<float> dInput = new((int)g.InputLength), scratch = new(DenseLayer.BackwardScratchLength(g, team.ThreadCount));
        DenseLayer.DataGradient(Guard(dOutput), Guard(PackWeights(g, weights)), dInput.Span, g, scratch.Span, team);
        scratch.Values();
        return dInput.Values();
    }

    /// <summary>The gradient in panels; the lines between panels, which the kernel must not write, are still NaN.</summary>
    public static float[] DenseWeightGradient(in DenseGeometry g, float[] input, float[] dOutput, ThreadTeam team)
    {
        Guarded<float> dWeights = new((int)g.WeightLength), scratch = new(DenseLayer.BackwardScratchLength(g, team.ThreadCount));
        DenseLayer.WeightGradient(Guard(PackInput(g, input, team)), Guard(dOutput), dWeights.Span, g, scratch.Span, team);
        scratch.Values();
        return dWeights.Values();
    }

    public static (float[] Weights, float[] First, float[] Second) DenseAdam(
        in DenseGeometry g, in AdamStep step, float[] input, float[] dOutput, float[] weights, float[] first, float[] second, ThreadTeam team)
    {
        Guarded<float> w = new(weights), m = new(first), v = new(second), scratch = new(DenseLayer.BackwardScratchLength(g, team.ThreadCount));
        DenseLayer.WeightGradientWithAdam(Guard(PackInput(g, input, team)), Guard(dOutput), w.Span, m.Span, v.Span, step, g, scratch.Span, team);
        scratch.Values();
        return (w.Values(), m.Values(), v.Values());
    }

    public static (float[] Weights, float[] Velocity) DenseSgd(
        in DenseGeometry g, in SgdStep step, float[] input, float[] dOutput, float[] weights, float[] velocity, ThreadTeam team)
    {
        Guarded<float> w = new(weights), v = new(velocity), scratch = new(DenseLayer.BackwardScratchLength(g, team.ThreadCount));
        DenseLayer.WeightGradientWithSgd(Guard(PackInput(g, input, team)), Guard(dOutput), w.Span, v.Span, step, g, scratch.Span, team);
        scratch.Values();
        return (w.Values(), v.Values());
    }

    public static float[] ColumnSum(float[] input, int columns, ThreadTeam team)
    {
        Guarded<float> sums = new(columns), scratch = new(ColumnSums.ScratchLength(input.Length / columns, columns));
        ColumnSums.Compute(Guard(input), sums.Span, scratch.Span, team);
        scratch.Values();
        return sums.Values();
    }

    public static float[] ActivationForward(ActivationKind kind, float[] input, ThreadTeam team)
    {
        Guarded<float> output = new(input.Length);
        Activation.Forward(kind, Guard(input), output.Span, team);
        return output.Values();
    }

    public static float[] ActivationBackward(ActivationKind kind, float[] output, float[] dOutput, ThreadTeam team)
    {
        Guarded<float> dInput = new(output.Length);
        Activation.Backward(kind, Guard(output), Guard(dOutput), dInput.Span, team);
        return dInput.Values();
    }

    public static (float[] Output, byte[] Winners) PoolForward(in PoolGeometry g, float[] input, ThreadTeam team)
    {
        Guarded<float> output = new((int)g.OutputLength);
        Guarded<byte> winners = new((int)g.OutputLength);
        MaxPooling.Forward(Guard(input), output.Span, winners.Span, g, team);
        return (output.Values(), winners.Values());
    }

    public static float[] PoolBackward(in PoolGeometry g, float[] dOutput, byte[] winners, ThreadTeam team)
    {
        Guarded<float> dInput = new((int)g.InputLength);
        MaxPooling.Backward(Guard(dOutput), new Guarded<byte>(winners).Span, dInput.Span, g, team);
        return dInput.Values();
    }

    public static float[] AveragePoolForward(in AdaptivePoolGeometry g, float[] input, ThreadTeam team)
    {
        Guarded<float> output = new((int)g.OutputLength);
        AdaptiveAveragePooling.Forward(Guard(input), output.Span, g, team);
        return output.Values();
    }

    public static float[] AveragePoolBackward(in AdaptivePoolGeometry g, float[] dOutput, ThreadTeam team)
    {
        Guarded<float> dInput = new((int)g.InputLength);
        AdaptiveAveragePooling.Backward(Guard(dOutput), dInput.Span, g, team);
        return dInput.Values();
    }

    public static float[] AveragePoolForward(in AveragePoolGeometry g, float[] input, ThreadTeam team)
    {
        Guarded<float> output = new((int)g.Windows.OutputLength);
        AveragePooling.Forward(Guard(input), output.Span, g, team);
        return output.Values();
    }

    public static float[] AveragePoolBackward(in AveragePoolGeometry g, float[] dOutput, ThreadTeam team)
    {
        Guarded<float> dInput = new((int)g.Windows.InputLength);
        AveragePooling.Backward(Guard(dOutput), dInput.Span, g, team);
        return dInput.Values();
    }

    public static float[] LeakyForward(float[] input, float slope, ThreadTeam team)
    {
        Guarded<float> output = new(input.Length);
        LeakyRectifier.Forward(Guard(input), output.Span, slope, team);
        return output.Values();
    }

    public static float[] LeakyBackward(float[] values, float[] dOutput, float slope, ThreadTeam team)
    {
        Guarded<float> dInput = new(values.Length);
        LeakyRectifier.Backward(Guard(values), Guard(dOutput), dInput.Span, slope, team);
        return dInput.Values();
    }

    public static float[] ClipForward(float[] input, float low, float high, ThreadTeam team)
    {
        Guarded<float> output = new(input.Length);
        Clipping.Forward(Guard(input), output.Span, low, high, team);
        return output.Values();
    }

    public static float[] ClipBackward(float[] values, float[] dOutput, float low, float high, ThreadTeam team)
    {
        Guarded<float> dInput = new(values.Length);
        Clipping.Backward(Guard(values), Guard(dOutput), dInput.Span, low, high, team);
        return dInput.Values();
    }

    public static float[] LrnForward(in LrnGeometry g, in DropoutMask mask, float[] input, ThreadTeam team)
    {
        Guarded<float> output = new(input.Length);
        LocalResponseNormalization.Forward(Guard(input), output.Span, g, mask, team);
        return output.Values();
    }

    public static float[] LrnBackward(in LrnGeometry g, in DropoutMask mask, float[] input, float[] dOutput, ThreadTeam team)
    {
        Guarded<float> dInput = new(input.Length);
        LocalResponseNormalization.Backward(Guard(input), Guard(dOutput), dInput.Span, g, mask, team);
        return dInput.Values();
    }

    public static float[] DropOut(in DropoutMask mask, float[] input, ThreadTeam team)
    {
        Guarded<float> output = new(input.Length);
        Dropout.Apply(Guard(input), output.Span, mask, team);
        return output.Values();
    }

    public static (float[] Weights, float[] First, float[] Second) AdamUpdate(
        in AdamStep step, float[] weights, float[] first, float[] second, float[] gradient, ThreadTeam team)
    {
        Guarded<float> w = new(weights), m = new(first), v = new(second);
        Adam.Update(w.Span, m.Span, v.Span, Guard(gradient), step, team);
        return (w.Values(), m.Values(), v.Values());
    }

    public static (float[] Weights, float[] Velocity) SgdUpdate(in SgdStep step, float[] weights, float[] velocity, float[] gradient, ThreadTeam team)
    {
        Guarded<float> w = new(weights), v = new(velocity);
        Sgd.Update(w.Span, v.Span, Guard(gradient), step, team);
        return (w.Values(), v.Values());
    }

    // An absent operand stays an empty span.
    private static Span<float> Guard(float[] values) => values.Length == 0 ? [] : new Guarded<float>(values).Span;
}
