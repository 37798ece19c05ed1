using System.Collections.Immutable;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Dense layer, bias and activation; keeps the packed input for the weight gradient.</summary>
internal sealed class DenseOperation : Operation
{
    private readonly PlanContext _context;
    private readonly ActivationKind _activation;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly PlanBuffer<float> _packedInput;
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
        string name = shape.Layer.Name;
        _packedInput = context.Memory.Reserve<float>(
            $"{name} packed input", Geometry(context.MaximalBatch).PackedInputLength, time.Forward, context.Trains ? time.Backward : time.Forward);
        _forwardScratch = context.Memory.Reserve<float>(
            $"{name} forward scratch", context.Largest(batch => DenseLayer.ForwardScratchLength(Geometry(batch), threads)), time.Forward, time.Forward);
        if (!context.Trains)
            return;
        long scratch = context.Largest(batch => DenseLayer.BackwardScratchLength(Geometry(batch), threads));
        _backwardScratch = context.Memory.Reserve<float>(
            $"{name} backward scratch", Math.Max(scratch, ColumnSums.ScratchLength(context.MaximalBatch, _outputs)), time.Backward, time.Backward);
        // With an optimiser the weights' gradient is used up as it comes.
        if (context.Optimizer is null)
            _weightGradient = new ParameterGradient(context, _weight, time);
        _biasGradient = new ParameterGradient(context, _bias, time);
    }

    public override ImmutableArray<Parameter> Parameters => [_weight, _bias];

    public override string Kernel => "weights in panels";

    public override long MultiplyAccumulates => (long)_inputs * _outputs;

    public override bool KeepsInput => false;

    public override bool KeepsOutput => _activation != ActivationKind.Identity;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output)
    {
        DenseGeometry geometry = Geometry(run.Count);
        DenseLayer.PackInput(input, PackedInput(geometry), geometry, _context.Team);
        DenseLayer.Forward(
            PackedInput(geometry), _context.Network.Storage(_weight), _context.Network.Storage(_bias), output, geometry, _activation, _forwardScratch.Span, _context.Team);
    }

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        DenseGeometry geometry = Geometry(run.Count);
        Span<float> scratch = _backwardScratch!.Span;
        if (_activation != ActivationKind.Identity)
            Activation.Backward(_activation, output, dOutput, dOutput, _context.Team);
        ColumnSums.Compute(dOutput, _biasGradient!.Span, scratch, _context.Team);
        // Before the weights are moved.
        if (!dInput.IsEmpty)
            DenseLayer.DataGradient(dOutput, _context.Network.Storage(_weight), dInput, geometry, scratch, _context.Team);
        if (_context.Optimizer is IParameterUpdate optimizer)
            optimizer.UpdateDense(_context.Network, _weight, PackedInput(geometry), dOutput, geometry, scratch, run.LearningRate, run.UpdateStep, _context.Team);
        else
            DenseLayer.WeightGradient(PackedInput(geometry), dOutput, _weightGradient!.Span, geometry, scratch, _context.Team);
        _biasGradient.Update(run);
    }

    private DenseGeometry Geometry(int batch) => new(batch, _inputs, _outputs);

    private Span<float> PackedInput(in DenseGeometry geometry) => _packedInput.Span[..(int)geometry.PackedInputLength];
}
