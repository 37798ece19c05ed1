using System.Collections.Immutable;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Reductions;

namespace AlexNetSharp.Execution;

/// <summary>Convolution of any sizes with bias and activation, as a matrix product whose left operand is gathered from the picture.</summary>
internal sealed class ImplicitGemmOperation : Operation
{
    private readonly PlanContext _context;
    private readonly StageShape _shape;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly PlanBuffer<float> _forwardScratch;
    private readonly PlanBuffer<float>? _backwardScratch;
    private readonly ParameterGradient? _weightGradient;
    private readonly ParameterGradient? _biasGradient;

    public ImplicitGemmOperation(PlanContext context, StageShape shape, OperationTime time)
    {
        _context = context;
        _shape = shape;
        _weight = context.Network.Find(shape.Layer.Parameters[0].Name);
        _bias = context.Network.Find(shape.Layer.Parameters[1].Name);
        int threads = context.Team.ThreadCount;
        long scratch = context.Largest(batch => SpatialConvolution.ScratchLength(shape.Geometry(batch), threads));
        _forwardScratch = context.Memory.Reserve<float>($"{_weight.Name} forward scratch", scratch, time.Forward, time.Forward);
        if (!context.Trains)
            return;
        long sums = ColumnSums.ScratchLength(context.MaximalBatch * shape.Layer.Output.Height * shape.Layer.Output.Width, shape.Layer.Output.Channels);
        _backwardScratch = context.Memory.Reserve<float>($"{_weight.Name} backward scratch", Math.Max(scratch, sums), time.Backward, time.Backward);
        _weightGradient = new ParameterGradient(context, _weight, time);
        _biasGradient = new ParameterGradient(context, _bias, time);
    }

    public override ImmutableArray<Parameter> Parameters => [_weight, _bias];

    public override string Kernel => "implicit GEMM";

    public override long MultiplyAccumulates => _shape.Layer.MultiplyAccumulates;

    public override bool KeepsInput => true;

    public override bool KeepsOutput => _shape.Activation != ActivationKind.Identity;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        SpatialConvolution.Forward(
            input, _context.Network.Storage(_weight), _context.Network.Storage(_bias), output, _shape.Geometry(run.Count), _shape.Activation, _forwardScratch.Span, _context.Team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        ConvolutionGeometry geometry = _shape.Geometry(run.Count);
        Span<float> scratch = _backwardScratch!.Span;
        if (_shape.Activation != ActivationKind.Identity)
            Activation.Backward(_shape.Activation, output, dOutput, dOutput, _context.Team);
        ColumnSums.Compute(dOutput, _biasGradient!.Span, scratch, _context.Team);
        SpatialConvolution.WeightGradient(input, dOutput, _weightGradient!.Span, geometry, scratch, _context.Team);
        if (!dInput.IsEmpty)
            SpatialConvolution.DataGradient(dOutput, _context.Network.Storage(_weight), dInput, geometry, scratch, _context.Team);
        _weightGradient.Update(run);
        _biasGradient.Update(run);
    }
}
