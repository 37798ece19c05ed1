using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Training;

/// <summary>A training run from its first step, or from a state that it was left in, to its end.</summary>
internal sealed class TrainingSession : IDisposable
{
    // Parts of a run's state.
    private const string Weights = "weights", Moment = "moment", Average = "average", Best = "best";

    private readonly Network _network;
    private readonly DataSplits _data;
    private readonly TrainingOptions _options;
    private readonly ThreadTeam _team;
    private readonly ITrainingObserver _observer;
    private readonly TrainingStateKeeper? _states;
    private readonly TrainingRun _run;
    private readonly WeightAverage? _average;
    private readonly Network? _averaged;
    private readonly Network? _best;
    private readonly PlateauState? _plateau;
    private readonly Stopwatch _clock = new();
    private readonly HashSet<string> _skipped = [];
    private TimeSpan _timeBefore;
    private int _step;
    private long _images;
    private int _evaluatedEpochs;
    private int _bestEpoch;
    private double _bestAccuracy = double.NegativeInfinity;
    private double _bestLoss = double.PositiveInfinity;
    private (int Step, int Epochs)? _kept;

    public TrainingSession(Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver observer, TrainingStateKeeper? states)
    {
        _network = network;
        _data = data;
        _options = options;
        _team = team;
        _observer = observer;
        _states = states;
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

    private TimeSpan TrainingTime => _timeBefore + _clock.Elapsed;

    // Of the last step, counted from 1.
    private int Epoch => (_step + _run.StepsPerEpoch - 1) / _run.StepsPerEpoch;

    private bool IsEpochEnd => _step > 0 && (_step % _run.StepsPerEpoch == 0 || _step == _run.Steps);

    private bool HasStoppedEarly => _options.Patience is int patience && IsEpochEnd && _evaluatedEpochs == Epoch && Epoch - _bestEpoch >= patience && _step < _run.Steps;

    /// <summary>Puts a run where it was left.</summary>
    /// <exception cref="ArgumentException">Model, options or data are not those of the run.</exception>
    /// <exception cref="InvalidDataException">The state lacks a part.</exception>
    public void Restore(TrainingState state)
    {
        TrainingProgress progress = state.Progress;
        if (state.Model.ToJson() != _network.Spec.ToJson())
            throw new ArgumentException($"The run was begun with model '{state.Model.Name}', whose layers or classes differ from those of the network; make one of the state's model.", nameof(state));
        RequireSameOptions(progress.Options);
        if (progress.Pictures != Fingerprint())
            throw new ArgumentException($"Data '{_data.Name}' is not what the run was begun with: that was {progress.Pictures}, this is {Fingerprint()}. With other pictures the run could not go on as if it had never stopped; bring the old ones back, or train anew from its last model.", nameof(state));
        state.Get(Weights, _network, _network.Values);
        _network.Touch();
        for (int moment = 0; moment < _run.Optimizer.Moments; moment++)
            state.Get(Moment + (moment + 1), _network, _run.Optimizer.Moment(moment));
        if (_average is not null && state.Has(Average))
        {
            state.Get(Average, _network, _averaged!.Values);
            _average.Restore(_averaged.Values);
        }
        if (_best is not null && progress.BestEpoch > 0)
        {
            state.Get(Best, _best, _best.Values);
            _best.Touch();
        }
        if (progress.Plateau is PlateauProgress plateau)
            _plateau?.Restore(plateau.Best, plateau.EpochsSince, plateau.Factor);
        _skipped.UnionWith(progress.Skipped);
        _timeBefore = state.TrainingTime;
        (_step, _images, _evaluatedEpochs) = (progress.Step, progress.Images, progress.EvaluatedEpochs);
        (_bestEpoch, _bestAccuracy, _bestLoss) = (progress.BestEpoch, progress.BestAccuracy, progress.BestLoss);
        _kept = (_step, _evaluatedEpochs);
    }

    public TrainingResult Execute(CancellationToken cancellationToken)
    {
        _observer.Started(new TrainingStart(_run.Steps, _run.StepsPerEpoch, _run.ImagesPerStep, _data.Training.Count) { FirstStep = _step, FirstImages = _images });
        KeepState();
        // A run may have been stopped while it evaluated an epoch.
        bool goesOn = FinishEpoch(cancellationToken);
        while (goesOn && _step < _run.Steps && !HasStoppedEarly && !cancellationToken.IsCancellationRequested)
        {
            MakeStep();
            goesOn = FinishEpoch(cancellationToken);
            if (_states is not null && _states.IsDue(_step, IsEpochEnd))
                KeepState();
        }
        KeepState();
        KeepWeights();
        return new TrainingResult(_step, _images, TrainingTime, _step < _run.Steps && !HasStoppedEarly)
        {
            StoppedEarly = HasStoppedEarly,
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

    private void MakeStep()
    {
        _clock.Start();
        float rate = _options.Schedule.RateAt(_options.LearningRate, _step, _run.Steps, _run.StepsPerEpoch) * (_plateau?.Factor ?? 1);
        StepOutcome outcome = _run.Step(_step, rate);
        _step++;
        _images += outcome.Images;
        if (_average is not null && _step % _options.Averaging!.Every == 0)
            _average.Update(_network, _options.Averaging.DecayAt(_step), _team);
        if (outcome.Images > 0)
        {
            _observer.StepCompleted(new StepReport(_step, Epoch, _images, rate, outcome.Loss, outcome.Accuracy));
            if (_step % _options.ReportEvery == 0)
            {
                (double loss, double accuracy) = _run.MeasureAgain();
                _observer.MinibatchEvaluated(new MinibatchReport(_step, (long)_step * _run.ImagesPerStep, loss, accuracy));
            }
        }
        _clock.Stop();
    }

    private void Skip(string problem)
    {
        // Once, not once an epoch.
        if (_skipped.Add(problem))
            _observer.PictureSkipped(problem);
    }

    // Evaluates and reports an epoch that is at its end. False when cancelled in the middle of it.
    private bool FinishEpoch(CancellationToken cancellationToken)
    {
        if (!IsEpochEnd || _evaluatedEpochs == Epoch)
            return true;
        if (_images == 0)
            throw new InvalidDataException($"None of the training pictures of '{_data.Name}' could be read. The first: {_skipped.First()}");
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
        _evaluatedEpochs = Epoch;
        bool isBest = accuracy > _bestAccuracy || (accuracy == _bestAccuracy && loss < _bestLoss);
        if (isBest)
        {
            (_bestEpoch, _bestAccuracy, _bestLoss) = (Epoch, accuracy, loss);
            _best?.CopyFrom(Kept);
        }
        _plateau?.Report(accuracy);
        EpochReport report = new(Epoch, _step, loss, accuracy, isBest);
        _observer.EpochCompleted(report);
        _observer.WeightsReady(Kept, report);
        return true;
    }

    private void KeepState()
    {
        if (_states is null || _kept == (_step, _evaluatedEpochs))
            return;
        TrainingState state = new(_network.Spec, new TrainingProgress(
            _step, _images, TrainingTime.TotalSeconds, _evaluatedEpochs, _bestEpoch, _bestAccuracy, _bestLoss,
            _plateau is null ? null : new PlateauProgress(_plateau.Best, _plateau.EpochsSince, _plateau.Factor), [.. _skipped.Order(StringComparer.Ordinal)],
            TrainingOptionsJson.Write(_options), Fingerprint()));
        state.Put(Weights, _network, _network.Values);
        for (int moment = 0; moment < _run.Optimizer.Moments; moment++)
            state.Put(Moment + (moment + 1), _network, _run.Optimizer.Moment(moment));
        if (_average is { IsEmpty: false })
            state.Put(Average, _network, _average.Values);
        if (_best is not null && _bestEpoch > 0)
            state.Put(Best, _best, _best.Values);
        _states.Save(state);
        _kept = (_step, _evaluatedEpochs);
    }

    private void KeepWeights()
    {
        if (_best is not null && _bestEpoch > 0)
            _network.CopyFrom(_best);
        else
            _average?.TryCopyTo(_network);
    }

    private void RequireSameOptions(string begunWith)
    {
        string now = TrainingOptionsJson.Write(_options);
        if (now == begunWith)
            return;
        JsonObject before = JsonNode.Parse(begunWith)!.AsObject(), after = JsonNode.Parse(now)!.AsObject();
        string key = before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)).FirstOrDefault(key => !JsonNode.DeepEquals(before[key], after[key])) ?? "form";
        throw new ArgumentException($"The run was begun with other options: '{key}' was {before[key]?.ToJsonString() ?? "null"} and is {after[key]?.ToJsonString() ?? "null"}. A run goes on with its own.");
    }

    // Not the paths: a folder of pictures may be moved.
    private string Fingerprint()
    {
        byte[] classes = SHA256.HashData(MemoryMarshal.AsBytes<int>([.. _data.Training.Labels]));
        return $"{_data.Training.Count} training and {_data.Validation.Count} validation pictures, classes {Convert.ToHexStringLower(classes)[..16]}";
    }
}
