using System.Collections.Immutable;
using System.Diagnostics;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Execution;

/// <summary>A network compiled for a batch size and a mode: operations in order, every buffer laid out once. Running it allocates nothing.</summary>
/// <remarks>
/// Layers are computed together where that saves memory traffic: convolutions and dense layers take the activation that follows them along,
/// convolutions the pooling after it, normalisation the dropout after it; flattening costs nothing, as values already lie in H, W, C order.
/// Buffers whose lifetimes do not meet share memory. Use a plan from one thread at a time.
/// </remarks>
public sealed class ExecutionPlan : IDisposable
{
    private readonly ThreadTeam _team;
    private readonly IParameterUpdate? _optimizer;
    private readonly PlanMemory _memory = new();
    private readonly ImmutableArray<Operation> _operations;

    // _activations[i] is operation i's input, _activations[i + 1] its output; an in-place operation has the same twice.
    private readonly PlanBuffer<float>[] _activations;

    // _gradients[i] is ∂L/∂_activations[i]; none for the pictures themselves.
    private readonly PlanBuffer<float>?[] _gradients;
    private readonly PlanBuffer<float>? _gradient;
    private readonly int _classes;

    // The backward pass ends here: below, all parameters are frozen.
    private readonly int _lowestLearning;
    private RunContext _run;

    /// <summary>Compiles <paramref name="network"/>.</summary>
    /// <param name="network">The weights, read where they lie; must outlive the plan.</param>
    /// <param name="maximalBatch">The largest batch, at least 1; any smaller one can be run.</param>
    /// <param name="mode">Training or inference.</param>
    /// <param name="team">The threads; must outlive the plan.</param>
    public ExecutionPlan(Network network, int maximalBatch, PlanMode mode, ThreadTeam team)
        : this(network, maximalBatch, mode, team, null)
    {
    }

    /// <summary>Compiles <paramref name="network"/> for training with an optimiser that moves each weight as soon as its gradient is there.</summary>
    /// <param name="network">As above.</param>
    /// <param name="maximalBatch">As above.</param>
    /// <param name="mode">As above.</param>
    /// <param name="team">As above.</param>
    /// <param name="optimizer">The optimiser; null for gradients that are kept.</param>
    /// <param name="frozen">Names of the parameters that the optimiser leaves as they are; null for none. Going backward ends at the lowest layer that learns.</param>
    /// <param name="allocates">Whether to take the memory; without, the plan cannot be run and says what it would take.</param>
    internal ExecutionPlan(Network network, int maximalBatch, PlanMode mode, ThreadTeam team, IParameterUpdate? optimizer, IReadOnlySet<string>? frozen = null, bool allocates = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximalBatch, 1);
        Network = network;
        Mode = mode;
        MaximalBatch = maximalBatch;
        _team = team;
        _optimizer = optimizer;
        _classes = network.Spec.Classes.Length;
        PlanContext context = new(network, maximalBatch, mode, team, _memory, optimizer);
        ImmutableArray<OperationRecipe> recipes = Lowering.Lower(network, mode);
        if (mode == PlanMode.Training && optimizer is null)
        {
            // From the first moment on, and so never shared: the gaps between parameters must stay zero.
            context.Gradient = _gradient = _memory.Reserve<float>("gradient", network.ValuesLength, 0, new OperationTime(0, recipes.Length).End);
        }
        _operations = [.. recipes.Select((recipe, i) => recipe.Create(context, new OperationTime(i, recipes.Length)))];
        _lowestLearning = frozen is null ? 0 : Math.Max(0, _operations.ToList().FindIndex(operation => operation.Parameters.Any(parameter => !frozen.Contains(parameter.Name))));
        _activations = new PlanBuffer<float>[_operations.Length + 1];
        _gradients = new PlanBuffer<float>?[_operations.Length + 1];
        ReserveActivations();
        if (mode == PlanMode.Training)
            ReserveGradients();
        _memory.LayOut();
        if (allocates)
            _memory.Allocate();
    }

    /// <summary>The network that this plan computes.</summary>
    public Network Network { get; }

    /// <summary>What the plan was compiled for.</summary>
    public PlanMode Mode { get; }

    /// <summary>The largest batch.</summary>
    public int MaximalBatch { get; }

    /// <summary>Bytes of all buffers, the weights and an optimiser's state not counted.</summary>
    public long BufferBytes => _memory.Bytes;

    /// <summary>Bytes that the buffers would take if none shared memory with another.</summary>
    public long UnsharedBufferBytes => _memory.Buffers.Sum(buffer => buffer.Bytes);

    /// <summary>The operations in order, with how each is computed.</summary>
    public ImmutableArray<PlannedOperation> Operations => [.. _operations.Select((operation, i) => new PlannedOperation(
        operation.Name, operation.Kernel, operation.Reason, operation.MultiplyAccumulates, operation.MultiplyAccumulates * (i == 0 ? 1 : 2)))];

    /// <summary>Where the time of every run is added up; null for nowhere.</summary>
    public PlanProfile? Profile { get; set; }

    /// <summary>∂L/∂parameters after <see cref="Backward(ReadOnlySpan{int})"/>, laid out like the network's values.</summary>
    /// <exception cref="InvalidOperationException">The plan keeps none: it infers, or an optimiser takes gradients as they come.</exception>
    internal Span<float> Gradient => (_gradient ?? throw new InvalidOperationException("This plan keeps no gradients.")).Span;

    /// <summary>Where a batch's pictures are to be written before <see cref="Forward"/>: [count, height, width, channels], values 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1 or above <see cref="MaximalBatch"/>.</exception>
    public Span<float> Input(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaximalBatch);
        return _activations[0].Span[..(count * Network.Spec.Input.Length)];
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

    /// <summary>Computes the gradient of the mean cross-entropy of the last forward pass, once: going backward overwrites what that pass kept.</summary>
    /// <param name="labels">One a picture of that pass.</param>
    /// <exception cref="InvalidOperationException">The plan was compiled for inference, or nothing was run forward since the last backward pass.</exception>
    /// <exception cref="ArgumentException">The number of labels differs from the batch, or a label is out of range.</exception>
    public void Backward(ReadOnlySpan<int> labels)
    {
        RequireTraining();
        if (_optimizer is not null)
            throw new InvalidOperationException("This plan moves its weights as it goes backward; call BackwardAndUpdate.");
        LossGradient(labels);
        RunBackward(_run);
    }

    /// <summary>Computes the gradient of scale · Σ over pictures of −Σ t·ln p, as <see cref="Backward(ReadOnlySpan{int})"/> does that of the mean.</summary>
    /// <param name="targets">t, [count, classes], from 0 up; rows need not sum to 1.</param>
    /// <param name="scale">What the sum is multiplied by: 1 / count for the mean.</param>
    /// <exception cref="InvalidOperationException">The plan was compiled for inference, or nothing was run forward since the last backward pass.</exception>
    /// <exception cref="ArgumentException">The number of targets is not that of the batch.</exception>
    public void Backward(ReadOnlySpan<float> targets, double scale)
    {
        RequireTraining();
        if (_optimizer is not null)
            throw new InvalidOperationException("This plan moves its weights as it goes backward; call BackwardAndUpdate.");
        LossGradient(targets, scale);
        RunBackward(_run);
    }

    /// <summary>Runs backward and moves the weights by the plan's optimiser.</summary>
    /// <param name="labels">One a picture of the last forward pass.</param>
    /// <param name="learningRate">This step's rate.</param>
    /// <param name="step">Counted from 1.</param>
    internal void BackwardAndUpdate(ReadOnlySpan<int> labels, float learningRate, int step)
    {
        RequireOptimizer();
        LossGradient(labels);
        RunBackward(_run with { LearningRate = learningRate, UpdateStep = step });
    }

    /// <summary>Runs backward from distributions, as <see cref="Backward(ReadOnlySpan{float}, double)"/>, and moves the weights.</summary>
    internal void BackwardAndUpdate(ReadOnlySpan<float> targets, double scale, float learningRate, int step)
    {
        RequireOptimizer();
        LossGradient(targets, scale);
        RunBackward(_run with { LearningRate = learningRate, UpdateStep = step });
    }

    /// <summary>Runs forward again, with the same masks, and looks for where numbers stop being finite.</summary>
    /// <param name="count">As in <see cref="ForwardWithDropout"/>.</param>
    /// <param name="seed">As above.</param>
    /// <param name="step">As above.</param>
    /// <returns>What the first of them are, for people; null where all are finite.</returns>
    internal string? FindNonFinite(int count, ulong seed, uint step)
    {
        _ = Input(count);
        _run = new RunContext(count, seed, step, DropsOut: true);
        foreach ((Operation operation, int i) in _operations.Select((operation, i) => (operation, i)))
        {
            foreach (Parameter parameter in operation.Parameters)
            {
                if (!IsFinite(Network.Storage(parameter)))
                    return $"the parameter '{parameter.Name}'";
            }
            operation.Forward(_run, Activation(i), Activation(i + 1));
            if (!IsFinite(Activation(i + 1)))
                return $"the output of '{operation.Name}'";
        }
        return null;

        static bool IsFinite(ReadOnlySpan<float> values)
        {
            foreach (float value in values)
            {
                if (!float.IsFinite(value))
                    return false;
            }
            return true;
        }
    }

    /// <summary>Frees all buffers; the network and the team remain.</summary>
    public void Dispose() => _memory.Dispose();

    private void LossGradient(ReadOnlySpan<int> labels) =>
        SoftmaxCrossEntropy.Gradient(Logits(), labels, _gradients[^1]!.Span[..(_run.Count * _classes)], _classes);

    private void LossGradient(ReadOnlySpan<float> targets, double scale) =>
        SoftmaxCrossEntropy.Gradient(Logits(), targets, scale, _gradients[^1]!.Span[..(_run.Count * _classes)], _classes);

    private ReadOnlySpan<float> Logits() =>
        _run.Count > 0 ? Activation(_operations.Length) : throw new InvalidOperationException("Run the plan forward before backward.");

    private void RunBackward(in RunContext run)
    {
        for (int i = _operations.Length - 1; i >= _lowestLearning; i--)
        {
            long start = Stopwatch.GetTimestamp();
            Span<float> dInput = i > _lowestLearning && _gradients[i] is PlanBuffer<float> buffer ? buffer.Span[..(run.Count * Length(i))] : [];
            _operations[i].Backward(run, Activation(i), Activation(i + 1), _gradients[i + 1]!.Span[..(run.Count * Length(i + 1))], dInput);
            Profile?.AddBackward(i, Stopwatch.GetTimestamp() - start);
        }
        // Buffers that share memory with what the forward pass kept are written by now.
        _run = default;
    }

    private void RequireOptimizer()
    {
        RequireTraining();
        if (_optimizer is null)
            throw new InvalidOperationException("This plan has no optimiser; call Backward.");
    }

    private void RequireTraining()
    {
        if (Mode != PlanMode.Training)
            throw new InvalidOperationException("This plan was compiled for inference; compile one with PlanMode.Training.");
    }

    private ReadOnlySpan<float> Run(RunContext run)
    {
        _ = Input(run.Count);
        _run = run;
        for (int i = 0; i < _operations.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            _operations[i].Forward(run, Activation(i), Activation(i + 1));
            Profile?.AddForward(i, Stopwatch.GetTimestamp() - start);
        }
        return Activation(_operations.Length);
    }

    // Values of one picture before operation i, and after the last.
    private int Length(int i) => i == 0 ? Network.Spec.Input.Length : _operations[i - 1].OutputLength;

    private Span<float> Activation(int i) => _activations[i].Span[..(_run.Count * Length(i))];

    private bool RunsInPlace(int i) =>
        i > 0 && _operations[i].CanRunInPlace && (Mode == PlanMode.Inference || (!_operations[i - 1].KeepsOutput && !_operations[i].KeepsInput));

    private void ReserveActivations()
    {
        int count = _operations.Length;
        OperationTime whole = new(0, count);
        // The pictures stay, so that they can be run again; so do the logits, until the next run.
        _activations[0] = _memory.Reserve<float>("input", (long)MaximalBatch * Length(0), 0, whole.End);
        for (int i = 0; i < count; i++)
        {
            if (RunsInPlace(i))
            {
                _activations[i + 1] = _activations[i];
                continue;
            }
            // Through all operations that work on it in place, to the one that reads it last.
            int last = i;
            int lastMoment = Mode == PlanMode.Training && _operations[i].KeepsOutput ? new OperationTime(i, count).Backward : i;
            while (last + 1 < count)
            {
                last++;
                OperationTime time = new(last, count);
                lastMoment = Math.Max(lastMoment, Mode == PlanMode.Training && _operations[last].KeepsInput ? time.Backward : time.Forward);
                if (!RunsInPlace(last))
                    break;
                if (Mode == PlanMode.Training && _operations[last].KeepsOutput)
                    lastMoment = Math.Max(lastMoment, time.Backward);
            }
            if (i == count - 1 || (last == count - 1 && RunsInPlace(last)))
                lastMoment = whole.End;
            _activations[i + 1] = _memory.Reserve<float>($"{_operations[i].Name} output", (long)MaximalBatch * Length(i + 1), i, lastMoment);
        }
    }

    private void ReserveGradients()
    {
        int count = _operations.Length;
        for (int i = count; i > 0; i--)
        {
            // Written by the operation after it, or by the loss; read by the one before it, and on through those that work in place.
            int first = i;
            while (first > 1 && _operations[first - 1].CanRunInPlace)
                first--;
            PlanBuffer<float> buffer = _memory.Reserve<float>(
                $"{_operations[i - 1].Name} output's gradient", (long)MaximalBatch * Length(i), new OperationTime(i, count).Backward, new OperationTime(first - 1, count).Backward);
            for (; i > first; i--)
                _gradients[i] = buffer;
            _gradients[i] = buffer;
        }
    }
}
