using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Losses;
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
    private readonly GradientAccumulator? _gradients;
    private readonly int[] _order;
    private readonly float[]? _classWeights;
    private readonly float[]? _targets;
    private readonly float[] _losses;
    private readonly int _classes;

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
        bool keepsGradients = options.Accumulate > 1 || options.ClipNorm is not null;
        _plan = new ExecutionPlan(network, BatchSize, PlanMode.Training, team, keepsGradients ? null : _optimizer, frozen);
        if (keepsGradients)
            _gradients = new GradientAccumulator(network);
        _order = new int[images.Count];
        _losses = new float[BatchSize];
        if (options.ClassWeighting == ClassWeighting.Balanced)
            _classWeights = BalancedWeights(images, network);
        if (_classWeights is not null || options.LabelSmoothing > 0 || options.Augmentation is { Mixes: true })
            _targets = new float[BatchSize * _classes];
    }

    public int BatchSize { get; }

    public int ImagesPerStep { get; }

    public int StepsPerEpoch { get; }

    public int Steps { get; }

    /// <summary>Makes one step.</summary>
    /// <param name="step">Counted from 0; steps of an epoch must come in order.</param>
    /// <param name="rate">The learning rate.</param>
    /// <exception cref="TrainingDivergedException">The loss is infinite or no number; the weights are those of the step before.</exception>
    public StepOutcome Step(int step, float rate)
    {
        int epoch = step / StepsPerEpoch;
        if (step % StepsPerEpoch == 0)
        {
            EpochOrder.Shuffle(_order, _options.Seed, epoch);
            _reader.Begin(_order);
        }
        int images = 0, right = 0;
        double loss = 0, weight = 0;
        _gradients?.Clear();
        for (int part = 0; part < _options.Accumulate && !_reader.IsAtEnd; part++)
        {
            int count = _reader.Read(BatchSize);
            if (count == 0)
                continue;
            // Parts of one step draw masks of their own.
            uint maskStep = checked((uint)((step * _options.Accumulate) + part + 1));
            Load(count, epoch, (int)maskStep);
            ReadOnlySpan<float> logits = _plan.ForwardWithDropout(count, _options.Seed, maskStep);
            (double partLoss, double partWeight, int partRight) = Measure(logits, count, _targets);
            if (!double.IsFinite(partLoss))
                throw Diverged(step + 1, partLoss / partWeight, rate, count);
            if (_gradients is not null)
                AddGradients(count);
            else if (_targets is not null)
                _plan.BackwardAndUpdate(_targets.AsSpan(0, count * _classes), 1 / partWeight, rate, step + 1);
            else
                _plan.BackwardAndUpdate(_reader.Labels, rate, step + 1);
            (images, right, loss, weight) = (images + count, right + partRight, loss + partLoss, weight + partWeight);
        }
        if (images == 0)
            return default;
        if (_gradients is not null)
        {
            _gradients.Finish((float)(1 / weight), _options.ClipNorm, _team);
            _optimizer.Update(_network, _gradients.Span, rate, step + 1, _team);
        }
        return new StepOutcome(images, loss / weight, (double)right / images);
    }

    /// <summary>Looks at the pictures of the last step's last batch again, dropout off.</summary>
    public (double Loss, double Accuracy) MeasureAgain()
    {
        int count = _reader.Count;
        (double loss, double weight, int right) = Measure(_plan.Forward(count), count, _targets);
        return (loss / weight, (double)right / count);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _optimizer.Dispose();
        _gradients?.Dispose();
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

    private void AddGradients(int count)
    {
        if (_targets is not null)
        {
            _plan.Backward(_targets.AsSpan(0, count * _classes), 1);
            _gradients!.Add(_plan.Gradient, 1, _team);
        }
        else
        {
            _plan.Backward(_reader.Labels);
            _gradients!.Add(_plan.Gradient, count, _team);
        }
    }

    // Sums over the batch: the loss, what its mean is taken over, and the pictures classified rightly.
    private (double Loss, double Weight, int Right) Measure(ReadOnlySpan<float> logits, int count, float[]? targets)
    {
        Span<float> losses = _losses.AsSpan(0, count);
        double loss = 0, weight = count;
        int right = 0;
        if (targets is null)
        {
            SoftmaxCrossEntropy.Loss(logits, _reader.Labels, losses, _classes);
        }
        else
        {
            ReadOnlySpan<float> distributions = targets.AsSpan(0, count * _classes);
            SoftmaxCrossEntropy.Loss(logits, distributions, losses, _classes);
            weight = 0;
            foreach (float target in distributions)
                weight += target;
        }
        for (int i = 0; i < count; i++)
        {
            loss += losses[i];
            int wanted = targets is null ? _reader.Labels[i] : Prediction.Largest(targets.AsSpan(i * _classes, _classes));
            right += Prediction.Largest(logits.Slice(i * _classes, _classes)) == wanted ? 1 : 0;
        }
        return (loss, weight, right);
    }

    private TrainingDivergedException Diverged(int step, double loss, float rate, int count)
    {
        string layer = _plan.FindNonFinite(count) is string name ? $" The first values that are no finite numbers come from layer '{name}'." : "";
        return new TrainingDivergedException(
            $"The loss of step {step} is {loss}: training has diverged.{layer} Try a lower learning rate than {rate}, a warm-up, or clipping the gradient (--clip-norm 1).");
    }
}
