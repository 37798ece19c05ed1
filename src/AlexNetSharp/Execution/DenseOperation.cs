using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Dense layer, bias and activation: three matrix products.</summary>
internal sealed class DenseOperation : Operation
{
    private readonly PlanContext _context;
    private readonly ActivationKind _activation;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly PlanBuffer<float> _forwardScratch;
    private readonly PlanBuffer<float>? _backwardScratch;
    private readonly ParameterGradient? _weightGradient;
    private readonly ParameterGradient? _biasGradient;

    public DenseOperation(PlanContext context, LayerShape shape, ActivationKind activation, OperationTime time)
    {
        _context = context;
        _activation = activation;
        _weight = context.Network.Find(shape.Parameters[0].Name);
        _bias = context.Network.Find(shape.Parameters[1].Name);
        _inputs = shape.Input.Channels;
        _outputs = shape.Output.Channels;
        int threads = context.Team.ThreadCount;
        _forwardScratch = context.Memory.Reserve<float>(
            $"{_weight.Name} forward scratch", context.Largest(batch => Gemm.ScratchLength(Product(batch), threads)), time.Forward, time.Forward);
        if (!context.Trains)
            return;
        long scratch = context.Largest(batch => Math.Max(Gemm.ScratchLength(DataGradient(batch), threads), Gemm.ScratchLength(WeightGradient(batch), threads)));
        _backwardScratch = context.Memory.Reserve<float>(
            $"{_weight.Name} backward scratch", Math.Max(scratch, ColumnSums.ScratchLength(context.MaximalBatch, _outputs)), time.Backward, time.Backward);
        _weightGradient = new ParameterGradient(context, _weight, time);
        _biasGradient = new ParameterGradient(context, _bias, time);
    }

    public override string Kernel => "GEMM";

    public override bool KeepsInput => true;

    public override bool KeepsOutput => _activation != ActivationKind.Identity;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        Gemm.Multiply(input, _context.Network.Storage(_weight), _context.Network.Storage(_bias), output, Product(run.Count), _activation, _forwardScratch.Span, _context.Team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        Span<float> scratch = _backwardScratch!.Span;
        if (_activation != ActivationKind.Identity)
            Activation.Backward(_activation, output, dOutput, dOutput, _context.Team);
        ColumnSums.Compute(dOutput, _biasGradient!.Span, scratch, _context.Team);
        Gemm.Multiply(input, dOutput, [], _weightGradient!.Span, WeightGradient(run.Count), ActivationKind.Identity, scratch, _context.Team);
        if (!dInput.IsEmpty)
            Gemm.Multiply(dOutput, _context.Network.Storage(_weight), [], dInput, DataGradient(run.Count), ActivationKind.Identity, scratch, _context.Team);
        _weightGradient.Update(run);
        _biasGradient.Update(run);
    }

    // Y[batch, out] = X[batch, in] · W[in, out]
    private GemmGeometry Product(int batch) => new(batch, _outputs, _inputs);

    // dX[batch, in] = dY[batch, out] · Wᵀ
    private GemmGeometry DataGradient(int batch) => new(batch, _inputs, _outputs) { TransposeB = true };

    // dW[in, out] = Xᵀ · dY
    private GemmGeometry WeightGradient(int batch) => new(_inputs, _outputs, batch) { TransposeA = true };
}
