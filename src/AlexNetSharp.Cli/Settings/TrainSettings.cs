using AlexNetSharp.Augmentation;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Settings;

/// <summary>All that decides what a run computes and keeps.</summary>
/// <param name="Data">Name or path of the data.</param>
/// <param name="Model">Name of the model, or the file that describes it.</param>
/// <param name="Recipe">What the options began as.</param>
/// <param name="Options">The training options.</param>
/// <param name="InitFrom">The model whose weights the network begins with where they fit; null for random ones.</param>
/// <param name="TestTimeAugmentation">The views that test pictures are judged by.</param>
/// <param name="Checkpoints">Epochs whose models are kept beside the best; 0 for no models of epochs.</param>
/// <param name="CheckpointEvery">Steps between two states of the run that it can be resumed from; null for one an epoch.</param>
/// <param name="TensorBoard">Whether event files for TensorBoard are written.</param>
internal sealed record TrainSettings(
    string Data, string Model, Recipe Recipe, TrainingOptions Options, string? InitFrom, TestTimeAugmentation TestTimeAugmentation, int Checkpoints,
    int? CheckpointEvery, bool TensorBoard)
{
    /// <summary>Checkpoints kept unless told otherwise: the best and the last.</summary>
    public const int DefaultCheckpoints = 1;
}
