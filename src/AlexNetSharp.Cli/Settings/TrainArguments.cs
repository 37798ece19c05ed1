using System.CommandLine;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Settings;

/// <summary>The options that say what to train and how, for every command that trains.</summary>
/// <remarks>What the command line says goes before the file of <c>--config</c>, and that before the recipe.</remarks>
internal sealed class TrainArguments
{
    // Above every float that is denormal; nobody trains with less.
    private const double SmallestRate = 1e-30;

    // Below the largest float; nobody trains with more.
    private const double LargestRate = 1e30;

    // Colour pictures of up to this side get the network that is made for small ones.
    private const int SmallSide = 64;

    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _model = CommonOptions.Text("--model", $"The network: {string.Join(", ", ModelCatalog.Names)}, or a .json file of your own (default: the recipe's)", "NAME|FILE");
    private readonly Option<string?> _recipe = CommonOptions.OptionalChoice(
        "--recipe", string.Join("; ", Recipe.All.Select(known => $"{known.Name}: {known.Summary}")), [.. Recipe.All.Select(known => known.Name)]);

    private readonly Option<string?> _config = CommonOptions.Text("--config", "A JSON file of settings, such as the run.json of a run to repeat", "FILE");
    private readonly Option<int?> _epochs = CommonOptions.OptionalCount("--epochs", "Passes over the training pictures (default, here and below: the recipe's)");
    private readonly Option<int?> _images = CommonOptions.OptionalCount("--images", "Pictures to train on in all, instead of --epochs");
    private readonly Option<int?> _batchSize = CommonOptions.OptionalCount("--batch-size", "Pictures a batch");
    private readonly Option<int?> _accumulate = CommonOptions.OptionalCount("--accumulate", "Batches whose gradients are added up before the weights move");
    private readonly Option<double?> _learningRate = CommonOptions.OptionalNumber("--learning-rate", "The full learning rate", SmallestRate, LargestRate);
    private readonly Option<string?> _schedule = CommonOptions.OptionalChoice("--schedule", "How the learning rate changes", ["constant", "step", "plateau", "cosine", "one-cycle"]);
    private readonly Option<int?> _warmUp = CommonOptions.OptionalCount("--warm-up", "Steps over which the learning rate rises to its full value", 0);
    private readonly Option<string?> _optimizer = CommonOptions.OptionalChoice("--optimizer", "The optimiser; sgd has momentum", ["adam", "adamw", "sgd", "nesterov"]);
    private readonly Option<double?> _momentum = CommonOptions.OptionalNumber("--momentum", "Of sgd and nesterov", 0, 1);
    private readonly Option<double?> _weightDecay = CommonOptions.OptionalNumber("--weight-decay", "Of the optimiser", 0, LargestRate);
    private readonly Option<double?> _labelSmoothing = CommonOptions.OptionalNumber("--label-smoothing", "What of a target is spread over all classes", 0, 1);
    private readonly Option<string?> _classWeights = CommonOptions.OptionalChoice("--class-weights", "balanced: every class counts the same in sum", ["none", "balanced"]);
    private readonly Option<double?> _clipNorm = CommonOptions.OptionalNumber("--clip-norm", "The largest norm of the gradient", SmallestRate, LargestRate);
    private readonly Option<double?> _average = CommonOptions.OptionalNumber("--average", "Keep a moving average of the weights with this decay, 0.999 say; 0 for none", 0, 1);
    private readonly Option<int?> _patience = CommonOptions.OptionalCount("--patience", "Stop after so many epochs without a better validation accuracy");
    private readonly Option<string?> _keep = CommonOptions.OptionalChoice("--keep", "The weights to end with: those of the last step or of the best epoch", ["last", "best"]);
    private readonly Option<bool> _normalize = new("--normalize") { Description = "Bring each channel to mean 0 and deviation 1; the figures go into the model" };
    private readonly Option<string?> _augmentation = CommonOptions.Text("--augmentation", "A JSON file that says how training pictures are varied (docs/augmentation.md), or none", "FILE|none");
    private readonly Option<string?> _initFrom = CommonOptions.Text("--init-from", "A model whose weights to begin with, as far as they fit: fine-tuning", "MODEL");
    private readonly Option<string[]> _freeze = new("--freeze") { Description = "Leave parameters whose names begin so as they are; may be given several times", HelpName = "PREFIX" };
    private readonly Option<bool> _trainOnValidation = new("--train-on-validation") { Description = "Train on the validation pictures too, for a last run when all choices are made; nothing is validated then" };
    private readonly Option<bool> _strict = new("--strict") { Description = "A picture that cannot be read ends the run, instead of being named and left out" };
    private readonly Option<int?> _checkpoints = CommonOptions.OptionalCount("--checkpoints", $"Keep the models of the best epoch and of the last N; 0 for none (default: {TrainSettings.DefaultCheckpoints})", 0);
    private readonly Option<int?> _checkpointEvery = CommonOptions.OptionalCount("--checkpoint-every", "Steps between two states of the run, from which --resume goes on (default: one at the end of every epoch)");
    private readonly Option<bool> _noTensorBoard = new("--no-tensorboard") { Description = "Write no event files for TensorBoard" };
    private readonly Option<string?> _testTimeAugmentation = CommonOptions.TestTimeAugmentation();
    private readonly Option<ulong?> _seed = new("--seed")
    {
        Description = "Decides weights, order, augmentation and dropout: the same seed gives the same model, bit for bit, at any number of threads (default: 1)",
        HelpName = "N",
        CustomParser = result => CommonOptions.Number(result, 0UL, ulong.MaxValue, 0UL),
    };

    private Option[] All =>
    [
        _data, _model, _recipe, _config, _epochs, _images, _batchSize, _accumulate, _learningRate, _schedule, _warmUp, _optimizer, _momentum, _weightDecay,
        _labelSmoothing, _classWeights, _clipNorm, _average, _patience, _keep, _normalize, _augmentation, _initFrom, _freeze, _trainOnValidation, _strict, _checkpoints,
        _checkpointEvery, _noTensorBoard, _testTimeAugmentation, _seed,
    ];

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_epochs) is not null && result.GetResult(_images) is not null)
                result.AddError("--epochs and --images exclude each other; give one of them.");
        });
    }

    /// <summary>The settings, with the data that they name.</summary>
    /// <exception cref="UsageException">They make no sense.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file holds something else.</exception>
    public (TrainSettings Settings, DataSplits Data) Read(ParseResult parsed, CancellationToken cancellationToken) =>
        Read(parsed, parsed.GetValue(_config) is string path ? TrainConfig.Read(path) : null, cancellationToken);

    /// <summary>The settings of a run that is to go on, with its data. Where the data lie and how often its state is kept may be said anew.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="runFile">The run's <c>run.json</c>.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    /// <exception cref="UsageException">The command line holds other settings.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file holds something else.</exception>
    public (TrainSettings Settings, DataSplits Data) ReadAgain(ParseResult parsed, string runFile, CancellationToken cancellationToken)
    {
        if (All.FirstOrDefault(option => option != _data && option != _checkpointEvery && parsed.GetResult(option) is { Implicit: false }) is Option given)
            throw new UsageException($"{given.Name} cannot be given with --resume: a run goes on with its own settings, which '{runFile}' holds. Leave it out, or begin a new run with --config '{runFile}'.");
        return Read(parsed, TrainConfig.Read(runFile), cancellationToken);
    }

    private static bool IsSmall(ImageSet images) =>
        images.Channels > 1 && images.CommonSize is ImageSize size && Math.Max(size.Height, size.Width) <= SmallSide;

    private static Recipe FindRecipe(string name) => Sensible(() => Recipe.Find(name));

    private static TestTimeAugmentation FindViews(string name) => Sensible(() => TestTimeAugmentation.Find(name));

    private (TrainSettings Settings, DataSplits Data) Read(ParseResult parsed, TrainConfig? config, CancellationToken cancellationToken)
    {
        Recipe? named = (parsed.GetValue(_recipe) ?? config?.Recipe) is string name ? FindRecipe(name) : null;
        // Before the data are read, which may take long.
        _ = Options(parsed, config, named ?? Recipe.Default);
        string data = parsed.GetValue(_data) ?? config?.Data ?? (named ?? Recipe.Default).Data
            ?? throw new UsageException($"Recipe '{named!.Name}' is for data of your own: name them with --data.");
        DataSplits splits = DataArgument.Load(data, cancellationToken);
        Recipe recipe = named ?? (splits.Training.Channels == 1 ? Recipe.Default : Recipe.Pictures);
        string model = parsed.GetValue(_model) ?? config?.Model ?? (named is null && IsSmall(splits.Training) ? ModelCatalog.AlexNetCifarName : recipe.Model);
        string views = parsed.GetValue(_testTimeAugmentation) ?? config?.TestTimeAugmentation ?? recipe.TestTimeAugmentation.Name;
        TrainSettings settings = new(
            data, model, recipe, Options(parsed, config, recipe), parsed.GetValue(_initFrom) ?? config?.InitFrom, FindViews(views),
            parsed.GetValue(_checkpoints) ?? config?.Checkpoints ?? TrainSettings.DefaultCheckpoints, parsed.GetValue(_checkpointEvery) ?? config?.CheckpointEvery,
            !parsed.GetValue(_noTensorBoard) && (config?.TensorBoard ?? true));
        return (settings, splits);
    }

    private static T Sensible<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (ArgumentException e)
        {
            throw UsageException.Of(e);
        }
    }

    private TrainingOptions Options(ParseResult parsed, TrainConfig? config, Recipe recipe)
    {
        TrainingOptions options = recipe.Options;
        if (config?.Options is string changes)
            options = options.With(changes, config.Source);
        if (parsed.GetValue(_augmentation) is string augmentation)
            options = options.With($"{{\"augmentation\": {(augmentation == "none" ? "null" : ReadText(augmentation))}}}", augmentation);
        if (parsed.GetValue(_epochs) is int epochs)
            options = options with { Epochs = epochs, Images = null };
        options = options with
        {
            Images = parsed.GetValue(_images) ?? options.Images,
            BatchSize = parsed.GetValue(_batchSize) ?? options.BatchSize,
            Accumulate = parsed.GetValue(_accumulate) ?? options.Accumulate,
            LearningRate = (float?)parsed.GetValue(_learningRate) ?? options.LearningRate,
            Schedule = Schedule(parsed, options.Schedule),
            Optimizer = Optimizer(parsed, options.Optimizer),
            LabelSmoothing = (float?)parsed.GetValue(_labelSmoothing) ?? options.LabelSmoothing,
            ClassWeighting = parsed.GetValue(_classWeights) is string weights ? Enum.Parse<ClassWeighting>(weights, ignoreCase: true) : options.ClassWeighting,
            ClipNorm = (float?)parsed.GetValue(_clipNorm) ?? options.ClipNorm,
            Averaging = parsed.GetValue(_average) is double decay ? decay == 0 ? null : (options.Averaging ?? new()) with { Decay = (float)decay } : options.Averaging,
            Patience = parsed.GetValue(_patience) ?? options.Patience,
            Keep = parsed.GetValue(_keep) is string keep ? Enum.Parse<KeptWeights>(keep, ignoreCase: true) : options.Keep,
            NormalizePixels = parsed.GetValue(_normalize) || options.NormalizePixels,
            Freeze = parsed.GetValue(_freeze) is { Length: > 0 } prefixes ? [.. prefixes] : options.Freeze,
            TrainOnValidation = parsed.GetValue(_trainOnValidation) || options.TrainOnValidation,
            Strict = parsed.GetValue(_strict) || options.Strict,
            Seed = parsed.GetValue(_seed) ?? options.Seed,
        };
        return Sensible(() =>
        {
            options.Validate();
            return options;
        });
    }

    private static string ReadText(string path) =>
        File.Exists(path) ? File.ReadAllText(path) : throw new FileNotFoundException($"There is no file '{path}' to read an augmentation from.");

    private LearningRateSchedule Schedule(ParseResult parsed, LearningRateSchedule standing)
    {
        LearningRateSchedule schedule = parsed.GetValue(_schedule) switch
        {
            "constant" => standing as ConstantSchedule ?? new(),
            "step" => standing as StepSchedule ?? new(),
            "plateau" => standing as PlateauSchedule ?? new(),
            "cosine" => standing as CosineSchedule ?? new(),
            "one-cycle" => standing as OneCycleSchedule ?? new(),
            _ => standing,
        };
        return schedule with { WarmUpSteps = parsed.GetValue(_warmUp) ?? (schedule.GetType() == standing.GetType() ? standing.WarmUpSteps : 0) };
    }

    private OptimizerOptions Optimizer(ParseResult parsed, OptimizerOptions standing)
    {
        OptimizerOptions optimizer = parsed.GetValue(_optimizer) switch
        {
            "adam" => standing as AdamOptions ?? new(),
            "adamw" => new AdamOptions { Form = AdamForm.Epsilon, WeightDecay = 0.01f, DecaysBiases = false },
            "sgd" => (standing as SgdOptions ?? new()) with { Nesterov = false },
            "nesterov" => (standing as SgdOptions ?? new()) with { Nesterov = true },
            _ => standing,
        };
        if (parsed.GetValue(_weightDecay) is double decay)
            optimizer = optimizer with { WeightDecay = (float)decay };
        if (parsed.GetValue(_momentum) is not double momentum)
            return optimizer;
        return optimizer is SgdOptions sgd
            ? sgd with { Momentum = (float)momentum }
            : throw new UsageException("--momentum is for sgd and nesterov; Adam has its betas, which a --config file can set. Give --optimizer sgd, or leave it out.");
    }
}
