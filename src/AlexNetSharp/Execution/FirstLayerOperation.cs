using System.Collections.Immutable;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;

namespace AlexNetSharp.Execution;

/// <summary>Convolution of pictures of one to four channels with bias, activation and pooling; a network's first, so that nobody asks for its input's gradient.</summary>
internal sealed class FirstLayerOperation : Operation
{
    private readonly PlanContext _context;
    private readonly StageShape _shape;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly PlanBuffer<byte>? _winners;
    private readonly PlanBuffer<float> _forwardScratch;
    private readonly PlanBuffer<float>? _backwardScratch;
    private readonly ParameterGradient? _weightGradient;
    private readonly ParameterGradient? _biasGradient;

    public FirstLayerOperation(PlanContext context, StageShape shape, OperationTime time)
    {
        _context = context;
        _shape = shape;
        _weight = context.Network.Find(shape.Layer.Parameters[0].Name);
        _bias = context.Network.Find(shape.Layer.Parameters[1].Name);
        string name = shape.Layer.Layer.Name;
        int threads = context.Team.ThreadCount;
        long scratch = context.Largest(batch => FirstLayerConvolution.ScratchLength(shape.Stage(batch), threads));
        _forwardScratch = context.Memory.Reserve<float>($"{name} forward scratch", scratch, time.Forward, time.Forward);
        if (!context.Trains)
            return;
        if (shape.Pooling is not null)
            _winners = context.Memory.Reserve<byte>($"{name} winners", (long)context.MaximalBatch * shape.Output.Length, time.Forward, time.Backward);
        _backwardScratch = context.Memory.Reserve<float>($"{name} backward scratch", scratch, time.Backward, time.Backward);
        _weightGradient = new ParameterGradient(context, _weight, time);
        _biasGradient = new ParameterGradient(context, _bias, time);
    }

    public override ImmutableArray<Parameter> Parameters => [_weight, _bias];

    public override string Kernel => "first layer, straight from the pictures' rows";

    public override long MultiplyAccumulates => _shape.Layer.MultiplyAccumulates;

    public override bool KeepsInput => true;

    public override bool KeepsOutput => _shape.Activation != ActivationKind.Identity;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        FirstLayerConvolution.Forward(
            input, _context.Network.Storage(_weight), _context.Network.Storage(_bias), output, Winners(run.Count), _shape.Stage(run.Count), _forwardScratch.Span, _context.Team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        FirstLayerConvolution.WeightGradient(
            input, output, Winners(run.Count), dOutput, _weightGradient!.Span, _biasGradient!.Span, _shape.Stage(run.Count), _backwardScratch!.Span, _context.Team);
        _weightGradient.Update(run);
        _biasGradient.Update(run);
    }

    private Span<byte> Winners(int count) => _winners is null ? [] : _winners.Span[..(count * OutputLength)];
}
