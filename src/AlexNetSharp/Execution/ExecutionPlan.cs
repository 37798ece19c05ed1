using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Execution;

/// <summary>A network compiled for a batch size and a mode: operations in order, every buffer laid out once. Running it allocates nothing.</summary>
/// <remarks>
/// Convolutions and dense layers take the activation that follows them along; flattening costs nothing, as values already lie in H, W, C order.
/// In training each operation's output is kept for the backward pass (an operation that can works in place where the one before does not
/// need its output); in inference two buffers take turns. Use a plan from one thread at a time.
/// </remarks>
public sealed class ExecutionPlan : IDisposable
{
    private readonly ThreadTeam _team;
    private readonly List<Operation> _operations = [];

    // _buffers[i] is operation i's input, _buffers[i + 1] its output; an in-place operation has the same twice.
    private readonly List<NativeBuffer<float>> _buffers = [];
    private readonly NativeBuffer<float> _scratch;
    private readonly NativeBuffer<float> _dOutput;
    private readonly NativeBuffer<float> _dInput;
    private readonly NativeBuffer<float> _gradient;
    private readonly int _classes;
    private RunContext _run;

    /// <summary>Compiles <paramref name="network"/>.</summary>
    /// <param name="network">The weights, read where they lie; must outlive the plan.</param>
    /// <param name="maximalBatch">The largest batch, at least 1; any smaller one can be run.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="team">The threads; must outlive the plan.</param>
    public ExecutionPlan(Network network, int maximalBatch, PlanMode mode, ThreadTeam team)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximalBatch, 1);
        Network = network;
        Mode = mode;
        MaximalBatch = maximalBatch;
        _team = team;
        _classes = network.Spec.Classes.Length;
        LowerLayers();
        LayOutActivations();
        _scratch = new NativeBuffer<float>(LargestScratch());
        int gradients = mode == PlanMode.Training ? checked(maximalBatch * _operations.Max(operation => operation.OutputLength)) : 0;
        _dOutput = new NativeBuffer<float>(gradients);
        _dInput = new NativeBuffer<float>(gradients);
        _gradient = new NativeBuffer<float>(mode == PlanMode.Training ? network.Values.Length : 0);
    }

    /// <summary>The network that this plan computes.</summary>
    public Network Network { get; }

    /// <summary>What the plan was compiled for.</summary>
    public PlanMode Mode { get; }

    /// <summary>The largest batch.</summary>
    public int MaximalBatch { get; }

    /// <summary>Bytes of all buffers, the weights not counted.</summary>
    public long BufferBytes =>
        sizeof(float) * (_buffers.Distinct().Sum(buffer => (long)buffer.Length) + _scratch.Length + _dOutput.Length + _dInput.Length + _gradient.Length);

    /// <summary>∂L/∂parameters after <see cref="Backward"/>, laid out like the network's values.</summary>
    internal Span<float> Gradient => _gradient.Span;

    /// <summary>Where a batch's pictures are to be written before <see cref="Forward"/>: [count, height, width, channels], values 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1 or above <see cref="MaximalBatch"/>.</exception>
    public Span<float> Input(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaximalBatch);
        return _buffers[0].Span[..(count * Network.Spec.Input.Length)];
    }

    /// <summary>Computes the logits of the pictures in <see cref="Input"/>, dropout off.</summary>
    /// <param name="count">Pictures, 1 to <see cref="MaximalBatch"/>.</param>
    /// <returns>[count, classes], valid until the next run.</returns>
    public ReadOnlySpan<float> Forward(int count) => Run(new RunContext(count, 0, 0, DropsOut: false));

    /// <summary>Computes the logits with this step's dropout masks.</summary>
    /// <param name="count">Pictures, 1 to <see cref="MaximalBatch"/>.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The training step.</param>
    /// <returns>[count, classes], valid until the next run.</returns>
    /// <exception cref="InvalidOperationException">The plan was compiled for inference.</exception>
    public ReadOnlySpan<float> ForwardWithDropout(int count, ulong seed, uint step)
    {
        RequireTraining();
        return Run(new RunContext(count, seed, step, DropsOut: true));
    }

    /// <summary>Computes the gradient of the mean cross-entropy of the last forward pass.</summary>
    /// <param name="labels">One a picture of that pass.</param>
    /// <exception cref="InvalidOperationException">The plan was compiled for inference, or nothing was run forward.</exception>
    /// <exception cref="ArgumentException">The number of labels differs from the batch, or a label is out of range.</exception>
    public void Backward(ReadOnlySpan<int> labels)
    {
        RequireTraining();
        if (_run.Count == 0)
            throw new InvalidOperationException("Run the plan forward before backward.");
        NativeBuffer<float> dOutput = _dOutput, dInput = _dInput;
        SoftmaxCrossEntropy.Gradient(Output(_operations.Count - 1), labels, dOutput.Span[..(_run.Count * _classes)], _classes);
        for (int i = _operations.Count - 1; i >= 0; i--)
        {
            Span<float> input = _buffers[i].Span[..(_run.Count * InputLength(i))];
            Span<float> target = i == 0 ? [] : dInput.Span[..input.Length];
            _operations[i].Backward(
                _run, input, Output(i), dOutput.Span[..(_run.Count * _operations[i].OutputLength)], target, _gradient.Span, _scratch.Span, _team);
            (dOutput, dInput) = (dInput, dOutput);
        }
    }

    /// <summary>Frees all buffers; the network and the team remain.</summary>
    public void Dispose()
    {
        foreach (Operation operation in _operations)
            operation.Dispose();
        foreach (NativeBuffer<float> buffer in _buffers)
            buffer.Dispose();
        _scratch.Dispose();
        _dOutput.Dispose();
        _dInput.Dispose();
        _gradient.Dispose();
    }

    private void RequireTraining()
    {
        if (Mode != PlanMode.Training)
            throw new InvalidOperationException("This plan was compiled for inference; compile one with PlanMode.Training.");
    }

    // Blocks are balanced to the problem's size, so that a smaller batch may need larger ones than the full batch does.
    private int LargestScratch() =>
        Enumerable.Range(1, MaximalBatch).Max(count => _operations.Max(operation => operation.ScratchLength(count, _team.ThreadCount)));

    private ReadOnlySpan<float> Run(RunContext run)
    {
        _ = Input(run.Count);
        _run = run;
        for (int i = 0; i < _operations.Count; i++)
        {
            _operations[i].Forward(
                run, _buffers[i].Span[..(run.Count * InputLength(i))], Output(i), _scratch.Span, _team);
        }
        return Output(_operations.Count - 1);
    }

    private int InputLength(int operation) => operation == 0 ? Network.Spec.Input.Length : _operations[operation - 1].OutputLength;

    private Span<float> Output(int operation) => _buffers[operation + 1].Span[..(_run.Count * _operations[operation].OutputLength)];

    private void LowerLayers()
    {
        var shapes = Network.Shapes;
        for (int i = 0; i < shapes.Length; i++)
        {
            LayerShape shape = shapes[i];
            ActivationKind following = i + 1 < shapes.Length && shapes[i + 1].Layer is ActivationLayer next ? next.Activation : ActivationKind.Identity;
            int length = shape.Output.Length;
            switch (shape.Layer)
            {
                case Convolution2D:
                    _operations.Add(new ConvolutionOperation(Network, shape, following) { Name = shape.Layer.Name, OutputLength = length });
                    break;
                case Dense:
                    _operations.Add(new DenseOperation(Network, shape, following) { Name = shape.Layer.Name, OutputLength = length });
                    break;
                case ActivationLayer when i > 0 && shapes[i - 1].Layer is Convolution2D or Dense:
                    break; // Computed by the layer before.
                case ActivationLayer activation:
                    _operations.Add(new ActivationOperation(activation.Activation) { Name = shape.Layer.Name, OutputLength = length });
                    break;
                case MaxPool2D:
                    _operations.Add(new MaxPoolOperation(shape, MaximalBatch, Mode) { Name = shape.Layer.Name, OutputLength = length });
                    break;
                case LocalResponseNorm:
                    _operations.Add(new LrnOperation(shape) { Name = shape.Layer.Name, OutputLength = length });
                    break;
                case Models.Dropout dropout when Mode == PlanMode.Training:
                    _operations.Add(new DropoutOperation(dropout.Keep, (uint)i) { Name = shape.Layer.Name, OutputLength = length });
                    break;
                case Models.Dropout or Flatten:
                    break;
                default:
                    throw new InvalidModelException($"{shape.Layer.Kind} '{shape.Layer.Name}': this engine has no operation for it.");
            }
        }
        if (_operations.Count == 0)
            throw new InvalidModelException($"Model '{Network.Spec.Name}' has no layer that computes anything.");
    }

    private void LayOutActivations()
    {
        _buffers.Add(new NativeBuffer<float>(checked(MaximalBatch * Network.Spec.Input.Length)));
        NativeBuffer<float>[]? turns = null;
        if (Mode == PlanMode.Inference)
        {
            int largest = checked(MaximalBatch * _operations.Max(operation => operation.OutputLength));
            turns = [new NativeBuffer<float>(largest), new NativeBuffer<float>(largest)];
        }
        for (int i = 0; i < _operations.Count; i++)
        {
            Operation operation = _operations[i];
            bool inPlace = i > 0 && operation.CanRunInPlace && !_operations[i - 1].KeepsOutput;
            if (inPlace)
                _buffers.Add(_buffers[i]);
            else if (turns is not null)
                _buffers.Add(ReferenceEquals(_buffers[i], turns[0]) ? turns[1] : turns[0]);
            else
                _buffers.Add(new NativeBuffer<float>(checked(MaximalBatch * operation.OutputLength)));
        }
    }
}
