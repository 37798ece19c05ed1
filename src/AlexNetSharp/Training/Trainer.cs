using System.Diagnostics;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Training;

/// <summary>Trains a network.</summary>
/// <remarks>
/// A run is a function of model, data, options and seed: weights, order of pictures and dropout masks come from counters, sums have a fixed
/// order, so the number of threads changes nothing but the time.
/// </remarks>
public static class Trainer
{
    /// <summary>Draws the first weights and trains.</summary>
    /// <param name="network">The network; its weights are overwritten.</param>
    /// <param name="data">Training and validation pictures; the test pictures are not looked at.</param>
    /// <param name="options">The options.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <param name="observer">Follows the run; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run after the current step, or between validation batches; the network stays usable.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or there are no training pictures.</exception>
    /// <exception cref="Models.InvalidModelException">The pictures do not fit the model.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or no number.</exception>
    public static TrainingResult Train(
        Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver? observer = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        Evaluator.RequireFit(network.Spec, data.Training);
        // Now, not when the first epoch's training is done.
        if (data.Validation.Count > 0)
            Evaluator.RequireFit(network.Spec, data.Validation);
        if (data.Training.Count == 0)
            throw new ArgumentException($"Data '{data.Name}' has no training pictures.", nameof(data));
        Initializer.Initialize(network, options.Initialization, options.Seed);
        using Run run = new(network, data, options, team, observer ?? new Nobody());
        return run.Execute(cancellationToken);
    }

    private sealed class Nobody : ITrainingObserver;

    private sealed class Run : IDisposable
    {
        private readonly Network _network;
        private readonly DataSplits _data;
        private readonly TrainingOptions _options;
        private readonly ThreadTeam _team;
        private readonly ITrainingObserver _observer;
        private readonly ExecutionPlan _plan;
        private readonly Optimizer _optimizer;
        private readonly int[] _order;
        private readonly int[] _labels;
        private readonly float[] _losses;
        private readonly Stopwatch _clock = new();

        public Run(Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver observer)
        {
            _network = network;
            _data = data;
            _options = options;
            _team = team;
            _observer = observer;
            BatchSize = Math.Min(options.BatchSize, data.Training.Count);
            // With a number of images batches are always full, as in the tutorial, and an epoch's rest is left out.
            StepsPerEpoch = options.Images is null ? (data.Training.Count + BatchSize - 1) / BatchSize : data.Training.Count / BatchSize;
            Steps = options.Images is int images ? images / BatchSize : checked(options.Epochs * StepsPerEpoch);
            _optimizer = new Optimizer(options.Optimizer, network);
            _plan = new ExecutionPlan(network, BatchSize, PlanMode.Training, team, _optimizer);
            _order = new int[data.Training.Count];
            _labels = new int[BatchSize];
            _losses = new float[BatchSize];
        }

        private int BatchSize { get; }

        private int StepsPerEpoch { get; }

        private int Steps { get; }

        public TrainingResult Execute(CancellationToken cancellationToken)
        {
            _observer.Started(new TrainingStart(Steps, StepsPerEpoch, BatchSize, _data.Training.Count));
            int step = 0;
            long images = 0;
            _clock.Start();
            while (step < Steps && !cancellationToken.IsCancellationRequested)
            {
                int inEpoch = step % StepsPerEpoch, epoch = step / StepsPerEpoch;
                if (inEpoch == 0)
                    EpochOrder.Shuffle(_order, _options.Seed, epoch);
                int count = LoadBatch(inEpoch * BatchSize);
                float rate = _options.Schedule.RateAt(_options.LearningRate, step, Steps);
                (double loss, double accuracy) = TrainStep(count, rate, ++step);
                images += count;
                _observer.StepCompleted(new StepReport(step, epoch + 1, images, rate, loss, accuracy));
                if (step % _options.ReportEvery == 0)
                {
                    (loss, accuracy) = Measure(_plan.Forward(count), count);
                    _observer.MinibatchEvaluated(new MinibatchReport(step, (long)step * BatchSize, loss, accuracy));
                }
                if ((step % StepsPerEpoch == 0 || step == Steps) && !ReportEpoch(epoch + 1, step, cancellationToken))
                    break;
            }
            return new TrainingResult(step, images, _clock.Elapsed, step < Steps);
        }

        public void Dispose()
        {
            _plan.Dispose();
            _optimizer.Dispose();
        }

        private int LoadBatch(int start)
        {
            int count = Math.Min(BatchSize, _order.Length - start);
            int length = _network.Spec.Input.Length;
            Span<float> input = _plan.Input(count);
            for (int i = 0; i < count; i++)
            {
                int image = _order[start + i];
                PixelScaling.ToUnit(_data.Training.Read(image).Pixels.Span, input.Slice(i * length, length));
                _labels[i] = _data.Training.Labels[image];
            }
            return count;
        }

        private (double Loss, double Accuracy) TrainStep(int count, float rate, int step)
        {
            (double loss, double accuracy) = Measure(_plan.ForwardWithDropout(count, _options.Seed, (uint)step), count);
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException(
                    $"The loss of step {step} is {loss}: training has diverged. Try a lower learning rate than {_options.LearningRate}.");
            }
            _plan.BackwardAndUpdate(_labels.AsSpan(0, count), rate, step);
            return (loss, accuracy);
        }

        private (double Loss, double Accuracy) Measure(ReadOnlySpan<float> logits, int count)
        {
            int classes = _network.Spec.Classes.Length, right = 0;
            SoftmaxCrossEntropy.Loss(logits, _labels.AsSpan(0, count), _losses.AsSpan(0, count), classes);
            double loss = 0;
            for (int i = 0; i < count; i++)
            {
                loss += _losses[i];
                right += Prediction.Largest(logits.Slice(i * classes, classes)) == _labels[i] ? 1 : 0;
            }
            return (loss / count, (double)right / count);
        }

        // False when cancelled in the middle of it.
        private bool ReportEpoch(int epoch, int step, CancellationToken cancellationToken)
        {
            _clock.Stop();
            double loss = double.NaN, accuracy = double.NaN;
            try
            {
                if (_data.Validation.Count > 0)
                {
                    Evaluation evaluation = Evaluator.Evaluate(_network, _data.Validation, _team, cancellationToken);
                    (loss, accuracy) = (evaluation.Loss, evaluation.Accuracy);
                }
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            _observer.EpochCompleted(new EpochReport(epoch, step, loss, accuracy));
            _clock.Start();
            return true;
        }
    }
}
