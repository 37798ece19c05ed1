using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Training;

/// <summary>What a step saw before it moved the weights.</summary>
/// <param name="Images">Pictures trained on; 0 where none of the step's could be read, and nothing moved.</param>
/// <param name="Loss">Mean cross-entropy with the step's targets, dropout on, in nats.</param>
/// <param name="Accuracy">Share classified rightly; of a mixed picture the larger share counts.</param>
internal readonly record struct StepOutcome(int Images, double Loss, double Accuracy);

/// <summary>The steps of a training run: pictures, targets, forward, backward and update, with all the memory they take.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly ThreadTeam _team;
    private readonly BatchReader _reader;
    private readonly Optimizer _optimizer;
    private readonly ExecutionPlan _plan;
    private readonly GradientAccumulator? _sum;
    private readonly Parameter[] _frozen;
    private readonly bool _keepsGradients;
    private readonly int[] _order;
    private readonly float[]? _classWeights;
    private readonly float[]? _targets;
    private readonly float[] _losses;
    private readonly int _classes;
    private int _begunEpoch = -1;

    public TrainingRun(Network network, ImageSet images, TrainingOptions options, ThreadTeam team, Action<string>? skipped)
    {
        _network = network;
        _options = options;
        _team = team;
        _classes = network.Spec.Classes.Length;
        BatchSize = Math.Min(options.BatchSize, images.Count);
        int imagesPerStep = checked(BatchSize * options.Accumulate);
        // With a number of images steps are always full, as in the tutorial, and an epoch's rest is left out.
        StepsPerEpoch = options.Images is null ? (images.Count + imagesPerStep - 1) / imagesPerStep : Math.Max(1, images.Count / imagesPerStep);
        Steps = options.Images is int all ? all / imagesPerStep : checked(options.Epochs * StepsPerEpoch);
        ImagesPerStep = imagesPerStep;
        HashSet<string> frozen = Frozen(network, options);
        _reader = new BatchReader(images, network.Spec, options.Augmentation, BatchSize, options.Strict, skipped, team);
        _optimizer = new Optimizer(options.Optimizer, network, frozen);
        _frozen = [.. network.Parameters.Where(parameter => frozen.Contains(parameter.Name))];
        _keepsGradients = options.Accumulate > 1 || options.ClipNorm is not null;
        _plan = new ExecutionPlan(network, BatchSize, PlanMode.Training, team, _keepsGradients ? null : _optimizer, frozen);
        if (options.Accumulate > 1)
            _sum = new GradientAccumulator(network);
        _order = new int[images.Count];
        _losses = new float[BatchSize];
        if (options.ClassWeighting == ClassWeighting.Balanced)
            _classWeights = BalancedWeights(images, network);
        if (_keepsGradients || _classWeights is not null || options.LabelSmoothing > 0 || options.Augmentation is { Mixes: true })
            _targets = new float[BatchSize * _classes];
    }

    public int BatchSize { get; }

    public int ImagesPerStep { get; }

    public int StepsPerEpoch { get; }

    public int Steps { get; }

    public Optimizer Optimizer => _optimizer;

    /// <summary>Makes one step.</summary>
    /// <param name="step">Counted from 0; after the first call, in order.</param>
    /// <param name="rate">The learning rate.</param>
    /// <exception cref="TrainingDivergedException">The loss, or the norm that is to be clipped, is infinite or no number; the weights are those of the step before.</exception>
    public StepOutcome Step(int step, float rate)
    {
        int epoch = step / StepsPerEpoch;
        if (epoch != _begunEpoch)
        {
            EpochOrder.Shuffle(_order, _options.Seed, epoch);
            // A run that is resumed begins in the middle of an epoch.
            _reader.Begin(_order, step % StepsPerEpoch * ImagesPerStep);
            _begunEpoch = epoch;
        }
        int images = 0, right = 0;
        double loss = 0, weight = 0;
        _sum?.Clear();
        for (int part = 0; part < _options.Accumulate && !_reader.IsAtEnd; part++)
        {
            int count = _reader.Read(BatchSize);
            if (count == 0)
                continue;
            // Parts of one step draw masks of their own.
            int batch = checked((step * _options.Accumulate) + part + 1);
            Load(count, epoch, batch);
            ReadOnlySpan<float> logits = _plan.ForwardWithDropout(count, _options.Seed, (uint)batch);
            (double partLoss, double partWeight, int partRight) = Measure(logits, count);
            if (!double.IsFinite(partLoss))
                throw Diverged($"The loss of step {step + 1} is {partLoss / partWeight}", _plan.FindNonFinite(count, _options.Seed, (uint)batch), rate);
            GoBackward(count, partWeight, rate, step + 1);
            (images, right, loss, weight) = (images + count, right + partRight, loss + partLoss, weight + partWeight);
        }
        if (images == 0)
            return default;
        if (_keepsGradients)
            Update(weight, rate, step + 1);
        return new StepOutcome(images, loss / weight, (double)right / images);
    }

    /// <summary>Looks at the pictures of the last step's last batch again, dropout off.</summary>
    public (double Loss, double Accuracy) MeasureAgain()
    {
        int count = _reader.Count;
        (double loss, double weight, int right) = Measure(_plan.Forward(count), count);
        return (loss / weight, (double)right / count);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _optimizer.Dispose();
        _sum?.Dispose();
        _reader.Dispose();
    }

    private static HashSet<string> Frozen(Network network, TrainingOptions options)
    {
        foreach (string prefix in options.Freeze)
        {
            if (!network.Parameters.Any(parameter => parameter.Name.StartsWith(prefix, StringComparison.Ordinal)))
                throw new ArgumentException($"No parameter of model '{network.Spec.Name}' begins with '{prefix}', which is to be frozen. Its parameters are {string.Join(", ", network.Parameters.Select(parameter => parameter.Name))}.");
        }
        HashSet<string> frozen = [.. network.Parameters.Select(parameter => parameter.Name).Where(name => options.Freeze.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))];
        if (frozen.Count == network.Parameters.Length)
            throw new ArgumentException($"All parameters of model '{network.Spec.Name}' are frozen by {string.Join(", ", options.Freeze)}; nothing would be learnt. Leave some free.");
        return frozen;
    }

    // Counts all pictures / (classes · those of the class); a class without pictures has no weight to speak of.
    private static float[] BalancedWeights(ImageSet images, Network network)
    {
        int[] places = ClassMapping.Of(images, network.Spec), counts = new int[network.Spec.Classes.Length];
        foreach (int label in images.Labels)
            counts[places[label]]++;
        int present = counts.Count(count => count > 0);
        return [.. counts.Select(count => count == 0 ? 1 : (float)((double)images.Count / ((double)present * count)))];
    }

    private void Load(int count, int epoch, int batch)
    {
        Span<float> input = _plan.Input(count);
        _reader.Prepare(_options.Seed, epoch, input);
        if (_targets is null)
            return;
        Span<float> targets = _targets.AsSpan(0, count * _classes);
        Targets.Fill(_reader.Labels, _options.LabelSmoothing, _classWeights, targets, _classes);
        if (_options.Augmentation is { Mixes: true })
            _reader.Mix(input, targets, _classes, _options.Seed, epoch, batch);
    }

    // To the batch's gradients, or at once to weights that are moved by them.
    private void GoBackward(int count, double weight, float rate, int step)
    {
        if (_targets is null)
        {
            _plan.BackwardAndUpdate(_reader.Labels, rate, step);
            return;
        }
        ReadOnlySpan<float> targets = _targets.AsSpan(0, count * _classes);
        if (!_keepsGradients)
        {
            _plan.BackwardAndUpdate(targets, 1 / weight, rate, step);
            return;
        }
        _plan.Backward(targets, _sum is null ? 1 / weight : 1);
        _sum?.Add(_plan.Gradient, _team);
    }

    private void Update(double weight, float rate, int step)
    {
        _sum?.DivideBy(weight, _team);
        Span<float> gradient = _sum is null ? _plan.Gradient : _sum.Span;
        if (_options.ClipNorm is float bound)
        {
            // What is frozen does not count.
            foreach (Parameter parameter in _frozen)
                parameter.In(gradient).Clear();
            double norm = GradientNorm.Clip(gradient, bound, _team);
            if (!double.IsFinite(norm))
                throw Diverged($"The gradient's norm at step {step} is {norm}", FindNonFinite(gradient), rate);
        }
        _optimizer.Update(_network, gradient, rate, step, _team);
    }

    // As gradients come: from the last layer down.
    private string? FindNonFinite(Span<float> gradient)
    {
        foreach (Parameter parameter in _network.Parameters.Reverse())
        {
            foreach (float value in parameter.In(gradient))
            {
                if (!float.IsFinite(value))
                    return $"the gradient of '{parameter.Name}'";
            }
        }
        return null;
    }

    // Sums over the batch: the loss, what its mean is taken over, and the pictures classified rightly.
    private (double Loss, double Weight, int Right) Measure(ReadOnlySpan<float> logits, int count)
    {
        Span<float> losses = _losses.AsSpan(0, count);
        double loss = 0, weight = count;
        int right = 0;
        if (_targets is null)
        {
            SoftmaxCrossEntropy.Loss(logits, _reader.Labels, losses, _classes);
        }
        else
        {
            ReadOnlySpan<float> targets = _targets.AsSpan(0, count * _classes);
            SoftmaxCrossEntropy.Loss(logits, targets, losses, _classes);
            weight = 0;
            foreach (float target in targets)
                weight += target;
        }
        for (int i = 0; i < count; i++)
        {
            loss += losses[i];
            int wanted = _targets is null ? _reader.Labels[i] : Prediction.Largest(_targets.AsSpan(i * _classes, _classes));
            right += Prediction.Largest(logits.Slice(i * _classes, _classes)) == wanted ? 1 : 0;
        }
        return (loss, weight, right);
    }

    private TrainingDivergedException Diverged(string what, string? place, float rate)
    {
        string first = place is null ? "" : $" The first numbers that are not finite are {place}.";
        string clip = _options.ClipNorm is null ? "clip the gradient (clip norm 1)" : $"clip the gradient to a norm below {_options.ClipNorm}";
        return new TrainingDivergedException($"{what}: training has diverged.{first} Try a lower learning rate than {rate}, warm up to it, or {clip}.");
    }
}
