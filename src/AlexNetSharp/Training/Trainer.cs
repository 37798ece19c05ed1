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
    /// <param name="states">Keeps the run's state, so that it can go on when it was stopped; null for nobody.</param>
    /// <param name="cancellationToken">
    /// Ends the run after the current step, or between validation batches, with its state kept; the network then holds what <see cref="TrainingOptions.Keep"/>
    /// and the average make of the steps so far.
    /// </param>
    /// <exception cref="ArgumentException">An option makes no sense, or there are no training pictures.</exception>
    /// <exception cref="InvalidModelException">The model does not have all classes of the pictures.</exception>
    /// <exception cref="InvalidDataException">A picture cannot be read, and the options are strict.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or no number; the network holds the weights of the step before.</exception>
    /// <exception cref="IOException">A file of the run's state cannot be written.</exception>
    public static TrainingResult Train(
        Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver? observer = null, TrainingStateKeeper? states = null,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        Initializer.Initialize(network, options.Initialization, options.Seed);
        return FineTune(network, data, options, team, observer, states, cancellationToken);
    }

    /// <summary>Trains, beginning with the weights that the network has.</summary>
    /// <inheritdoc cref="Train"/>
    public static TrainingResult FineTune(
        Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver? observer = null, TrainingStateKeeper? states = null,
        CancellationToken cancellationToken = default)
    {
        using TrainingSession session = Begin(network, data, options, team, observer, states);
        return session.Execute(cancellationToken);
    }

    /// <summary>Goes on with a run that was stopped, and ends with the same bits as if it had not been: at any number of threads, on processors with vectors of the same width.</summary>
    /// <param name="state">What the run left.</param>
    /// <param name="network">A network of <see cref="TrainingState.Model"/>; its weights are overwritten.</param>
    /// <param name="data">The data of the run.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <param name="observer">Follows the rest of the run; null for nobody.</param>
    /// <param name="states">Keeps the run's state again; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run as it does in <see cref="Train"/>.</param>
    /// <exception cref="ArgumentException">Model, options or data are not those of the run.</exception>
    /// <exception cref="InvalidModelException">The model does not have all classes of the pictures.</exception>
    /// <exception cref="InvalidDataException">The state is not whole, or a picture cannot be read, and the options are strict.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or no number; the network holds the weights of the step before.</exception>
    /// <exception cref="IOException">A file of the run's state cannot be written.</exception>
    public static TrainingResult Resume(
        TrainingState state, Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver? observer = null, TrainingStateKeeper? states = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        using TrainingSession session = Begin(network, data, options, team, observer, states);
        session.Restore(state);
        return session.Execute(cancellationToken);
    }

    private static TrainingSession Begin(Network network, DataSplits data, TrainingOptions options, ThreadTeam team, ITrainingObserver? observer, TrainingStateKeeper? states)
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
        return new TrainingSession(network, data, options, team, observer ?? new Nobody(), states);
    }

    private sealed class Nobody : ITrainingObserver;
}
