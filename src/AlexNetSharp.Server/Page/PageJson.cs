using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Server;

/// <summary>Why a request failed, for people.</summary>
internal sealed record ErrorJson(string Error);

/// <summary>What the page needs to know of the server.</summary>
internal sealed record ServedJson(string Version, IReadOnlyList<ServedModelJson> Models);

/// <summary>A model as the page's chooser shows it; <c>Accuracy</c> is a sentence for people.</summary>
internal sealed record ServedModelJson(string Name, string Version, ShapeJson Input, bool FindsGlyph, IReadOnlyList<string> Classes, long Parameters, string? Accuracy);

/// <summary>The shape of a picture.</summary>
internal sealed record ShapeJson(int Height, int Width, int Channels);

/// <summary>A model's layers.</summary>
internal sealed record LayersJson(IReadOnlyList<LayerJson> Layers);

/// <summary>A layer; its output is height, width and channels.</summary>
internal sealed record LayerJson(string Name, string Kind, IReadOnlyList<int> Output, long Parameters, long MultiplyAccumulates);

/// <summary>A label with its probability and its place among the classes.</summary>
internal sealed record LikelyJson(string Label, int Index, float Probability);

/// <summary>What a picture shows, the likeliest first, and the picture as the network sees it, as the address of a PNG.</summary>
internal sealed record SeenJson(IReadOnlyList<LikelyJson> Top, string Input);

/// <summary>What goes on inside for a picture. Pictures are addresses of PNGs that hold them.</summary>
internal sealed record LookJson(
    IReadOnlyList<LikelyJson> Top, string Input, string Explained, IReadOnlyList<MapJson> Maps, string? Filters, IReadOnlyList<LookedLayerJson> Layers);

/// <summary>What speaks for a class, over the picture.</summary>
internal sealed record MapJson(string Method, string About, bool IsBlank, string Picture);

/// <summary>What a layer makes of a picture; <c>Zeros</c> is a share.</summary>
internal sealed record LookedLayerJson(string Name, string Kind, IReadOnlyList<int> Output, double Zeros, string Picture);

/// <summary>What can be trained here, and if nothing, why.</summary>
internal sealed record TrainingJson(bool IsAllowed, string? Reason, IReadOnlyList<string> Data, IReadOnlyList<RecipeJson> Recipes);

/// <summary>A recipe in the form's list.</summary>
internal sealed record RecipeJson(string Name, string Summary, string? Data, int? Epochs, long? Images);

/// <summary>The runs, the newest first.</summary>
internal sealed record RunListJson(IReadOnlyList<RunJson> Runs);

/// <summary>A run and what can be done with it.</summary>
internal sealed record RunJson(
    string Name, RunState? State, string? Model, string? Data, string? Recipe, ulong? Seed, int? EpochsPlanned, int? Steps, double? BestValidationAccuracy,
    double? TestAccuracy, double? Seconds, DateTimeOffset? Started, string? Problem, string? Error,
    bool IsStopping, bool CanStop, bool CanResume, bool CanServe, bool HasReport);

/// <summary>What a run has measured since the last message.</summary>
internal sealed record MetricsJson(bool BeginsAnew, IReadOnlyList<MinibatchMetric> Minibatches, IReadOnlyList<EpochMetric> Epochs);

/// <summary>A run that was begun.</summary>
internal sealed record BegunJson(string Name);

/// <summary>A model that is served from now on.</summary>
internal sealed record NowServedJson(string Name, string Version);

/// <summary>Compiled JSON contracts: snake_case keys, no reflection at start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ErrorJson))]
[JsonSerializable(typeof(ServedJson))]
[JsonSerializable(typeof(LayersJson))]
[JsonSerializable(typeof(SeenJson))]
[JsonSerializable(typeof(LookJson))]
[JsonSerializable(typeof(TrainingJson))]
[JsonSerializable(typeof(TrainingRequest))]
[JsonSerializable(typeof(RunListJson))]
[JsonSerializable(typeof(RunJson))]
[JsonSerializable(typeof(MetricsJson))]
[JsonSerializable(typeof(BegunJson))]
[JsonSerializable(typeof(NowServedJson))]
internal sealed partial class PageJson : JsonSerializerContext;

/// <summary>The contracts with nothing escaped that JSON does not ask to be: pictures are long texts of base 64, with many a plus.</summary>
internal static class PageJsonForms
{
    /// <summary>One object on one line.</summary>
    public static PageJson Relaxed { get; } = new(new JsonSerializerOptions(PageJson.Default.SeenJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
