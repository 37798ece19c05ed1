using System.Collections.Immutable;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;

namespace AlexNetSharp.Execution;

/// <summary>Convolution by Winograd's minimal filtering with bias, activation and pooling; the filters are transformed when the weights have changed.</summary>
internal sealed class WinogradOperation : Operation
{
    private readonly PlanContext _context;
    private readonly StageShape _shape;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly PlanBuffer<float> _filters;
    private readonly PlanBuffer<float>? _transposedFilters;
    private readonly PlanBuffer<byte>? _winners;
    private readonly PlanBuffer<float> _forwardScratch;
    private readonly PlanBuffer<float>? _backwardScratch;
    private readonly ParameterGradient? _weightGradient;
    private readonly ParameterGradient? _biasGradient;
    private readonly bool _isFirst;
    private long _filtersVersion = -1;

    public WinogradOperation(PlanContext context, StageShape shape, OperationTime time)
    {
        _context = context;
        _shape = shape;
        _weight = context.Network.Find(shape.Layer.Parameters[0].Name);
        _bias = context.Network.Find(shape.Layer.Parameters[1].Name);
        _isFirst = time.Index == 0;
        string name = shape.Layer.Layer.Name;
        int threads = context.Team.ThreadCount;
        PlanMemory memory = context.Memory;
        _filters = memory.Reserve<float>($"{name} filters", WinogradConvolution.FilterLength(shape.Geometry(1)), 0, time.End);
        _forwardScratch = memory.Reserve<float>(
            $"{name} forward scratch", context.Largest(batch => WinogradConvolution.ForwardScratchLength(shape.Geometry(batch), threads)), time.Forward, time.Forward);
        if (!context.Trains)
            return;
        if (!_isFirst)
            _transposedFilters = memory.Reserve<float>($"{name} transposed filters", WinogradConvolution.TransposedFilterLength(shape.Geometry(1)), 0, time.End);
        if (shape.Pooling is not null)
            _winners = memory.Reserve<byte>($"{name} winners", (long)context.MaximalBatch * shape.Output.Length, time.Forward, time.Backward);
        _backwardScratch = memory.Reserve<float>(
            $"{name} backward scratch", context.Largest(batch => WinogradConvolution.BackwardScratchLength(shape.Geometry(batch), threads)), time.Backward, time.Backward);
        _weightGradient = new ParameterGradient(context, _weight, time);
        _biasGradient = new ParameterGradient(context, _bias, time);
    }

    public override ImmutableArray<Parameter> Parameters => [_weight, _bias];

    public override string Kernel => $"Winograd {WinogradConvolution.Tiles(_shape.Geometry(1))}";

    public override long MultiplyAccumulates => _shape.Layer.MultiplyAccumulates;

    public override bool KeepsInput => true;

    public override bool KeepsOutput => _shape.Activation != ActivationKind.Identity;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output)
    {
        if (_filtersVersion != _context.Network.Version)
        {
            WinogradConvolution.TransformFilters(_context.Network.Storage(_weight), _filters.Span, TransposedFilters, _shape.Geometry(1), _context.Team);
            _filtersVersion = _context.Network.Version;
        }
        WinogradConvolution.Forward(
            input, _filters.Span, _context.Network.Storage(_bias), output, Winners(run.Count), _shape.Stage(run.Count), _forwardScratch.Span, _context.Team);
    }

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        WinogradConvolution.Backward(
            input, TransposedFilters, output, Winners(run.Count), dOutput, dInput, _weightGradient!.Span, _biasGradient!.Span,
            _shape.Stage(run.Count), _backwardScratch!.Span, _context.Team);
        _weightGradient.Update(run);
        _biasGradient.Update(run);
    }

    private Span<float> TransposedFilters => _transposedFilters is null ? [] : _transposedFilters.Span;

    private Span<byte> Winners(int count) => _winners is null ? [] : _winners.Span[..(count * OutputLength)];
}
