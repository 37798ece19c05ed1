using System.Diagnostics;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>Trains a network.</summary>
/// <remarks>
/// A run is a function of model, data, options and seed: weights, order of pictures, augmentation and dropout masks come from counters, sums
/// have a fixed order, so the number of threads changes nothing but the time.
/// </remarks>
public static class Trainer
{
    // As many pictures as give each channel's mean and deviation to three digits and more.
    private const int PicturesForStatistics = 10_000;

    /// <summary>The model with the preprocessing that a training calls for: the form of glyphs where the data have it, the pixels' statistics where the options ask for them.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="data">Its training pictures are looked at.</param>
    /// <param name="options">The options.</param>
    /// <param name="team">The threads to compute with.</param>
    public static ModelSpec Adapt(ModelSpec spec, DataSplits data, TrainingOptions options, ThreadTeam team)
    {
        Preprocessing preprocessing = spec.Preprocessing with { FindsGlyph = data.ShowsGlyphs && spec.Input.Channels == 1 };
        if (options.NormalizePixels)
        {
            ImageStatistics statistics = ImageStatistics.Compute(data.Training, team, PicturesForStatistics).For(spec.Input.Channels);
            // A channel that is the same everywhere has no deviation to divide by.
            preprocessing = preprocessing with { Mean = statistics.Mean, Deviation = [.. statistics.Deviation.Select(deviation => deviation > 0 ? deviation : 1)] };
        }
        return spec with { Preprocessing = preprocessing };
    }

    /// <summary>Draws the first weights and trains.</summary>
    /// <param name="network">The network; its weights are overwritten.</param>
    /// <param name="data">Training and validation pictures; the test pictures are not looked at.</param>
    /// <param name="options">The options.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <param name="observer">Follows the run; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run after the current step, or between validation batches; the network then holds what <see cref="TrainingOptions.Keep"/> and the average make of the steps so far.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or there are no training pictures.</exception>
    /// <exception cref="InvalidModelException">The model does not have all classes of the pictures.</exception>
    /// <exception cref="InvalidDataException">A picture cannot be read, and the options are strict.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or no number; the network holds the weights of the step before.</exception>
    public static TrainingResult Train(
        Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver? observer = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        Initializer.Initialize(network, options.Initialization, options.Seed);
        return FineTune(network, data, options, team, observer, cancellationToken);
    }

    /// <summary>Trains, beginning with the weights that the network has.</summary>
    /// <inheritdoc cref="Train"/>
    public static TrainingResult FineTune(
        Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver? observer = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (data.Training.Count == 0)
            throw new ArgumentException($"Data '{data.Name}' has no training pictures.", nameof(data));
        if (options.TrainOnValidation)
            data = data.WithValidationInTraining();
        if (data.Validation.Count == 0 && (options.Patience is not null || options.Keep == KeptWeights.Best || options.Schedule.NeedsValidation))
            throw new ArgumentException($"Data '{data.Name}' has no validation pictures, or they are trained on; by them a run stops early, keeps the best weights or lowers the rate on a plateau. Hold some back, or leave these options off.", nameof(data));
        Evaluator.RequireFit(network.Spec, data.Training);
        // Now, not when the first epoch's training is done.
        Evaluator.RequireFit(network.Spec, data.Validation);
        using Session session = new(network, data, options, team, observer ?? new Nobody());
        return session.Execute(cancellationToken);
    }

    private sealed class Nobody : ITrainingObserver;

    private sealed class Session : IDisposable
    {
        private readonly Network _network;
        private readonly DataSplits _data;
        private readonly TrainingOptions _options;
        private readonly ThreadTeam _team;
        private readonly ITrainingObserver _observer;
        private readonly TrainingRun _run;
        private readonly WeightAverage? _average;
        private readonly Network? _averaged;
        private readonly Network? _best;
        private readonly PlateauState? _plateau;
        private readonly Stopwatch _clock = new();
        private readonly HashSet<string> _skipped = [];
        private int _bestEpoch;
        private double _bestAccuracy = double.NegativeInfinity;
        private double _bestLoss = double.PositiveInfinity;

        public Session(Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver observer)
        {
            _network = network;
            _data = data;
            _options = options;
            _team = team;
            _observer = observer;
            _run = new TrainingRun(network, data.Training, options, team, Skip);
            if (options.Averaging is not null)
            {
                _average = new WeightAverage(network);
                _averaged = new Network(network.Spec);
            }
            if (options.Keep == KeptWeights.Best)
                _best = new Network(network.Spec);
            _plateau = options.Schedule.CreatePlateauState();
        }

        // What is evaluated and kept.
        private Network Kept => _averaged ?? _network;

        public TrainingResult Execute(CancellationToken cancellationToken)
        {
            _observer.Started(new TrainingStart(_run.Steps, _run.StepsPerEpoch, _run.ImagesPerStep, _data.Training.Count));
            int step = 0;
            long images = 0;
            bool stoppedEarly = false;
            _clock.Start();
            while (step < _run.Steps && !stoppedEarly && !cancellationToken.IsCancellationRequested)
            {
                int epoch = (step / _run.StepsPerEpoch) + 1;
                float rate = _options.Schedule.RateAt(_options.LearningRate, step, _run.Steps, _run.StepsPerEpoch) * (_plateau?.Factor ?? 1);
                StepOutcome outcome = _run.Step(step, rate);
                step++;
                images += outcome.Images;
                UpdateAverage(step);
                if (outcome.Images > 0)
                {
                    _observer.StepCompleted(new StepReport(step, epoch, images, rate, outcome.Loss, outcome.Accuracy));
                    if (step % _options.ReportEvery == 0)
                    {
                        (double loss, double accuracy) = _run.MeasureAgain();
                        _observer.MinibatchEvaluated(new MinibatchReport(step, (long)step * _run.ImagesPerStep, loss, accuracy));
                    }
                }
                if (step % _run.StepsPerEpoch == 0 || step == _run.Steps)
                {
                    if (images == 0)
                        throw new InvalidDataException($"None of the training pictures of '{_data.Name}' could be read. The first: {_skipped.First()}");
                    if (!ReportEpoch(epoch, step, cancellationToken))
                        break;
                    stoppedEarly = _options.Patience is int patience && epoch - _bestEpoch >= patience && step < _run.Steps;
                }
            }
            KeepWeights();
            return new TrainingResult(step, images, _clock.Elapsed, step < _run.Steps && !stoppedEarly)
            {
                StoppedEarly = stoppedEarly,
                BestEpoch = _bestEpoch,
                SkippedPictures = _skipped.Count,
            };
        }

        public void Dispose()
        {
            _run.Dispose();
            _average?.Dispose();
            _averaged?.Dispose();
            _best?.Dispose();
        }

        private void Skip(string problem)
        {
            // Once, not once an epoch.
            if (_skipped.Add(problem))
                _observer.PictureSkipped(problem);
        }

        private void UpdateAverage(int step)
        {
            if (_average is not null && step % _options.Averaging!.Every == 0)
                _average.Update(_network, _options.Averaging.DecayAt(step), _team);
        }

        // False when cancelled in the middle of it.
        private bool ReportEpoch(int epoch, int step, CancellationToken cancellationToken)
        {
            _clock.Stop();
            double loss = double.NaN, accuracy = double.NaN;
            if (_averaged is not null && !_average!.TryCopyTo(_averaged))
                _averaged.CopyFrom(_network);
            try
            {
                if (_data.Validation.Count > 0)
                {
                    Evaluation evaluation = Evaluator.Evaluate(Kept, _data.Validation, TestTimeAugmentation.None, _team, Skip, cancellationToken);
                    (loss, accuracy) = (evaluation.Loss, evaluation.Accuracy);
                }
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            bool isBest = accuracy > _bestAccuracy || (accuracy == _bestAccuracy && loss < _bestLoss);
            if (isBest)
            {
                (_bestEpoch, _bestAccuracy, _bestLoss) = (epoch, accuracy, loss);
                _best?.CopyFrom(Kept);
            }
            _plateau?.Report(accuracy);
            EpochReport report = new(epoch, step, loss, accuracy, isBest);
            _observer.EpochCompleted(report);
            _observer.WeightsReady(Kept, report);
            _clock.Start();
            return true;
        }

        private void KeepWeights()
        {
            if (_best is not null && _bestEpoch > 0)
                _network.CopyFrom(_best);
            else
                _average?.TryCopyTo(_network);
        }
    }
}
