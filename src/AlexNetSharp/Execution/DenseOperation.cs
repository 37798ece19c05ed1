using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Dense layer, bias and activation: three matrix products.</summary>
internal sealed class DenseOperation(Network network, LayerShape shape, ActivationKind activation) : Operation
{
    private readonly Parameter _weight = network.Find(shape.Parameters[0].Name);
    private readonly Parameter _bias = network.Find(shape.Parameters[1].Name);
    private readonly int _inputs = shape.Input.Channels;
    private readonly int _outputs = shape.Output.Channels;

    public override bool KeepsOutput => activation != ActivationKind.Identity;

    public override int ScratchLength(int batch, int threadCount)
    {
        int products = Math.Max(
            Gemm.ScratchLength(Product(batch), threadCount),
            Math.Max(Gemm.ScratchLength(DataGradient(batch), threadCount), Gemm.ScratchLength(WeightGradient(batch), threadCount)));
        return Math.Max(products, ColumnSums.ScratchLength(batch, _outputs));
    }

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output, Span<float> scratch, ThreadTeam team) =>
        Gemm.Multiply(input, network[_weight], network[_bias], output, Product(run.Count), activation, scratch, team);

    public override void Backward(
        in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput,
        Span<float> gradient, Span<float> scratch, ThreadTeam team)
    {
        if (activation != ActivationKind.Identity)
            Activation.Backward(activation, output, dOutput, dOutput, team);
        ColumnSums.Compute(dOutput, _bias.In(gradient), scratch, team);
        Gemm.Multiply(input, dOutput, [], _weight.In(gradient), WeightGradient(run.Count), ActivationKind.Identity, scratch, team);
        if (!dInput.IsEmpty)
            Gemm.Multiply(dOutput, network[_weight], [], dInput, DataGradient(run.Count), ActivationKind.Identity, scratch, team);
    }

    // Y[batch, out] = X[batch, in] · W[in, out]
    private GemmGeometry Product(int batch) => new(batch, _outputs, _inputs);

    // dX[batch, in] = dY[batch, out] · Wᵀ
    private GemmGeometry DataGradient(int batch) => new(batch, _inputs, _outputs) { TransposeB = true };

    // dW[in, out] = Xᵀ · dY
    private GemmGeometry WeightGradient(int batch) => new(_inputs, _outputs, batch) { TransposeA = true };
}
