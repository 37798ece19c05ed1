using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlexNetSharp.Cli.Settings;

/// <summary>What a <c>--config</c> file says: the settings of a run as its <c>run.json</c> has them, all of them optional. What a run.json says of how its run went is passed over.</summary>
internal sealed record TrainConfig
{
    private const string OptionsKey = "options";

    // What run.json holds beside the settings.
    private static readonly HashSet<string> OfTheRun =
    [
        "state", "threads", "vector_bits", "processor", "runtime", "system", "version", "started", "resumed", "steps", "images", "seconds", "images_per_s",
        "best_epoch", "stopped_early", "skipped_pictures", "test_loss", "test_accuracy", "error",
    ];

    /// <summary>The file's path.</summary>
    public required string Source { get; init; }

    public string? Model { get; init; }

    public string? Data { get; init; }

    public string? Recipe { get; init; }

    public string? InitFrom { get; init; }

    public string? TestTimeAugmentation { get; init; }

    public int? Checkpoints { get; init; }

    public int? CheckpointEvery { get; init; }

    public bool? TensorBoard { get; init; }

    /// <summary>Training options that differ from the recipe's, as a JSON object.</summary>
    public string? Options { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such JSON; the message names the key at fault.</exception>
    public static TrainConfig Read(string path)
    {
        JsonObject root = Parse(path);
        foreach ((string key, _) in root)
        {
            if (!OfTheRun.Contains(key) && key is not ("model" or "data" or "recipe" or "init_from" or "test_time_augmentation" or "checkpoints" or "checkpoint_every" or "tensorboard" or OptionsKey))
                throw new InvalidDataException($"'{path}' has the key '{key}', which is none of a run's settings: model, data, recipe, init_from, test_time_augmentation, checkpoints, checkpoint_every, tensorboard, options. What decides the training itself belongs under 'options'.");
        }
        if (root[OptionsKey] is not (null or JsonObject))
            throw new InvalidDataException($"'{path}': 'options' is {root[OptionsKey]!.ToJsonString()}; an object is expected, such as {{\"batch_size\": 128}}.");
        return new TrainConfig
        {
            Source = path,
            Model = Text(root, "model", path),
            Data = Text(root, "data", path),
            Recipe = Text(root, "recipe", path),
            InitFrom = Text(root, "init_from", path),
            TestTimeAugmentation = Text(root, "test_time_augmentation", path),
            Checkpoints = Count(root, "checkpoints", path, smallest: 0),
            CheckpointEvery = Count(root, "checkpoint_every", path, smallest: 1),
            TensorBoard = Flag(root, "tensorboard", path),
            Options = root[OptionsKey]?.ToJsonString(),
        };
    }

    private static JsonObject Parse(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}' to read settings from.");
        try
        {
            JsonDocumentOptions lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: lenient) as JsonObject
                ?? throw new InvalidDataException($"'{path}' holds no settings: a JSON object is expected, such as {{\"data\": \"mnist\", \"options\": {{\"epochs\": 5}}}}.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"'{path}' is no JSON: {e.Message}", e);
        }
    }

    private static string? Text(JsonObject root, string key, string path) => root[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonNode other => throw new InvalidDataException($"'{path}': '{key}' is {other.ToJsonString()}; a text is expected."),
    };

    private static bool? Flag(JsonObject root, string key, string path) => root[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        JsonNode other => throw new InvalidDataException($"'{path}': '{key}' is {other.ToJsonString()}; true or false is expected."),
    };

    private static int? Count(JsonObject root, string key, string path, int smallest) => root[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out int count) && count >= smallest => count,
        JsonNode other => throw new InvalidDataException($"'{path}': '{key}' is {other.ToJsonString()}; a whole number from {smallest} up is expected."),
    };
}
