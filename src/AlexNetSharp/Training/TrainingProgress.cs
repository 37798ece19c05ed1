using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Training;

/// <summary>The counters of a training run between two steps. Random numbers need none of their own: they are functions of seed, step and place.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Images">Pictures trained on, repeats counted.</param>
/// <param name="Seconds">Time in training.</param>
/// <param name="EvaluatedEpochs">Epochs whose end has been reported.</param>
/// <param name="BestEpoch">The best of them, counted from 1; 0 for none.</param>
/// <param name="BestAccuracy">Its validation accuracy.</param>
/// <param name="BestLoss">Its validation loss.</param>
/// <param name="Plateau">What a plateau schedule has followed; null where there is none.</param>
/// <param name="Skipped">What was said of pictures that could not be read.</param>
/// <param name="Options">The run's options, as JSON.</param>
/// <param name="Pictures">Tells the pictures apart from others: their number and classes.</param>
internal sealed record TrainingProgress(
    int Step, long Images, double Seconds, int EvaluatedEpochs, int BestEpoch, double BestAccuracy, double BestLoss, PlateauProgress? Plateau, ImmutableArray<string> Skipped,
    string Options, string Pictures);

/// <summary>What a <see cref="PlateauState"/> has followed.</summary>
internal sealed record PlateauProgress(double Best, int EpochsSince, float Factor);

/// <summary>Compiled JSON contracts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TrainingProgress))]
internal sealed partial class TrainingProgressJson : JsonSerializerContext;
