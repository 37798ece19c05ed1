using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Imaging;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Tests;

public sealed class AllocationTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private readonly ThreadTeam _team = fixture.Team;

    [Fact]
    public void Gemm_SteadyState_AllocatesNothing()
    {
        float[] a = new float[70 * 80], b = new float[80 * 90], c = new float[70 * 90], bias = new float[90];
        GemmGeometry g = new(70, 90, 80);
        float[] scratch = new float[Gemm.ScratchLength(g, _team.ThreadCount)];
        Allocations.AssertNone(() => Gemm.Multiply(a, b, bias, c, g, ActivationKind.Sigmoid, scratch, _team));
        Allocations.AssertNone(() => Gemm.Multiply(a, b, bias, c, g with { TransposeA = true, TransposeB = true }, ActivationKind.Relu, scratch, _team));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void Convolution_SteadyState_AllocatesNothing(int stride, int groups)
    {
        // 4,225 positions: the weight gradient of the first is split.
        ConvolutionGeometry g = Geometries.Same(1, 65, 65, 3, 6, 3, 3) with { StrideHeight = stride, StrideWidth = stride, Groups = groups };
        float[] x = new float[g.InputLength], w = new float[g.WeightLength], b = new float[6], y = new float[g.OutputLength];
        float[] scratch = new float[SpatialConvolution.ScratchLength(g, _team.ThreadCount)];
        Allocations.AssertNone(() => SpatialConvolution.Forward(x, w, b, y, g, ActivationKind.Relu, scratch, _team));
        Allocations.AssertNone(() => SpatialConvolution.DataGradient(y, w, x, g, scratch, _team));
        Allocations.AssertNone(() => SpatialConvolution.WeightGradient(x, y, w, g, scratch, _team));
        Allocations.AssertNone(() => SpatialConvolution.ScratchLength(g, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Dense_SteadyState_AllocatesNothing(int batch)
    {
        DenseGeometry g = new(batch, 70, 50);
        float[] x = new float[g.InputLength], packed = new float[g.PackedInputLength], y = new float[g.OutputLength], b = new float[50];
        float[] w = new float[g.WeightLength], m = new float[g.WeightLength], v = new float[g.WeightLength];
        float[] forward = new float[DenseLayer.ForwardScratchLength(g, _team.ThreadCount)], scratch = new float[DenseLayer.BackwardScratchLength(g, _team.ThreadCount)];
        Allocations.AssertNone(() => DenseLayer.PackInput(x, packed, g, _team));
        Allocations.AssertNone(() => DenseLayer.Forward(packed, w, b, y, g, ActivationKind.Relu, forward, _team));
        Allocations.AssertNone(() => DenseLayer.DataGradient(y, w, x, g, scratch, _team));
        Allocations.AssertNone(() => DenseLayer.WeightGradient(packed, y, m, g, scratch, _team));
        Allocations.AssertNone(() => DenseLayer.WeightGradientWithAdam(packed, y, w, m, v, new AdamStep(0.001f, 5), g, scratch, _team));
        Allocations.AssertNone(() => DenseLayer.WeightGradientWithSgd(packed, y, w, m, new SgdStep(0.001f, 0.9f), g, scratch, _team));
    }

    [Fact]
    public void Pooling_SteadyState_AllocatesNothing()
    {
        PoolGeometry g = new() { Batch = 2, InputHeight = 9, InputWidth = 9, Channels = 13, WindowHeight = 3, WindowWidth = 3, StrideHeight = 2, StrideWidth = 2 };
        float[] x = new float[g.InputLength], y = new float[g.OutputLength];
        byte[] winners = new byte[g.OutputLength];
        Allocations.AssertNone(() => MaxPooling.Forward(x, y, winners, g, _team));
        Allocations.AssertNone(() => MaxPooling.Backward(y, winners, x, g, _team));
        AveragePoolGeometry average = new(g, CountsPadding: true);
        Allocations.AssertNone(() => AveragePooling.Forward(x, y, average, _team));
        Allocations.AssertNone(() => AveragePooling.Backward(y, x, average, _team));
        AdaptivePoolGeometry adaptive = new() { Batch = 2, InputHeight = 9, InputWidth = 9, Channels = 13, OutputHeight = 4, OutputWidth = 4 };
        Allocations.AssertNone(() => AdaptiveAveragePooling.Forward(x, y, adaptive, _team));
        Allocations.AssertNone(() => AdaptiveAveragePooling.Backward(y, x, adaptive, _team));
    }

    [Fact]
    public void ElementwiseKernels_SteadyState_AllocateNothing()
    {
        float[] x = new float[40_000], y = new float[40_000], z = new float[40_000], w = new float[40_000], scratch = new float[40_000];
        Allocations.AssertNone(() => Activation.Forward(ActivationKind.Tanh, x, y, _team));
        Allocations.AssertNone(() => Activation.Backward(ActivationKind.Tanh, y, x, z, _team));
        Allocations.AssertNone(() => LeakyRectifier.Forward(x, y, 0.01f, _team));
        Allocations.AssertNone(() => LeakyRectifier.Backward(y, x, z, 0.01f, _team));
        Allocations.AssertNone(() => Clipping.Forward(x, y, 0, 6, _team));
        Allocations.AssertNone(() => Clipping.Backward(y, x, z, 0, 6, _team));
        Allocations.AssertNone(() => Dropout.Apply(x, y, new DropoutMask(0.8f, 1, 2, 3), _team));
        Allocations.AssertNone(() => LocalResponseNormalization.Forward(x, y, new LrnGeometry(64, 4, 1, 0.1f, 0.75f), new DropoutMask(0.8f, 1, 2, 3), _team));
        Allocations.AssertNone(() => LocalResponseNormalization.Backward(x, y, w, new LrnGeometry(64, 4, 1, 0.1f, 0.75f), new DropoutMask(0.8f, 1, 2, 3), _team));
        Allocations.AssertNone(() => ColumnSums.Compute(x, y.AsSpan(0, 40), scratch, _team));
        Allocations.AssertNone(() => Adam.Update(x, y, z, w, new AdamStep(0.001f, 5), _team));
        Allocations.AssertNone(() => Sgd.Update(x, y, z, new SgdStep(0.001f, 0.9f, 0.01f, Nesterov: true), _team));
        Allocations.AssertNone(() => GradientNorm.Clip(x, 1e-3f, _team));
        Allocations.AssertNone(() => Elementwise.Add(x, y, _team));
        Allocations.AssertNone(() => Elementwise.MoveTowards(x, y, 0.1f, _team));
    }

    [Fact]
    public void Imaging_SteadyState_AllocatesNothing()
    {
        SmoothField field = new(9, 8, 2);
        float[] grid = new float[field.GridHeight * field.GridWidth], scratch = new float[field.GridWidth], rows = new float[8], columns = new float[8];
        float[] picture = new float[6 * 5 * 3], output = new float[8 * 3];
        Allocations.AssertNone(() => field.Row(grid, 3, scratch, rows));
        Allocations.AssertNone(() => BilinearSampling.Sample(picture, 6, 5, 3, rows, columns, output));
    }

    [Fact]
    public void Loss_SteadyState_AllocatesNothing()
    {
        float[] logits = new float[640], result = new float[640], losses = new float[64];
        float[] targets = new float[640], weights = new float[10];
        int[] labels = new int[64];
        Allocations.AssertNone(() => SoftmaxCrossEntropy.Softmax(logits, result, 10));
        Allocations.AssertNone(() => SoftmaxCrossEntropy.Loss(logits, labels, losses, 10));
        Allocations.AssertNone(() => SoftmaxCrossEntropy.Gradient(logits, labels, result, 10));
        Allocations.AssertNone(() => Targets.Fill(labels, 0.1f, weights, targets, 10));
        Allocations.AssertNone(() => SoftmaxCrossEntropy.Loss(logits, targets, losses, 10));
        Allocations.AssertNone(() => SoftmaxCrossEntropy.Gradient(logits, targets, 1.0 / 64, result, 10));
    }
}
