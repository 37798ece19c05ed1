using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>What <c>train --json</c> prints.</summary>
internal sealed record TrainJson(
    string Model, string Recipe, ulong Seed, long Images, double Seconds, [property: JsonPropertyName("images_per_s")] double ImagesPerSecond,
    double? TestAccuracy, string Out);

/// <summary>What <c>eval --json</c> prints.</summary>
internal sealed record EvalJson(int Images, double Accuracy, double Loss, int SkippedPictures, IReadOnlyList<ClassEvaluation> PerClass, IReadOnlyList<IReadOnlyList<int>> Confusion);

/// <summary>A picture's answers in <c>predict --json</c>.</summary>
internal sealed record PredictJson(string File, IReadOnlyList<LabelJson> Top);

/// <summary>A label with its probability.</summary>
internal sealed record LabelJson(string Label, double Probability);

/// <summary>What <c>inspect --json</c> prints; without a picture, or where there is nothing to draw, null.</summary>
internal sealed record InspectJson(
    string Model, string? File, string Out, string? Filters, IReadOnlyList<LabelJson>? Top, IReadOnlyList<InspectedLayerJson>? Layers, ClassMapsJson? ClassMaps);

/// <summary>A layer in <see cref="InspectJson"/>; <c>Zeros</c> is a share, 0 to 1.</summary>
internal sealed record InspectedLayerJson(string Name, string Kind, IReadOnlyList<int> OutputShape, double Zeros, string Picture);

/// <summary>What speaks for a class in <see cref="InspectJson"/>: maps row by row.</summary>
internal sealed record ClassMapsJson(
    string Label, string Layer, int Height, int Width, IReadOnlyList<float> GradCam, [property: JsonPropertyName("hirescam")] IReadOnlyList<float> HiResCam, string Picture);

/// <summary>What <c>summary --json</c> prints.</summary>
internal sealed record SummaryJson(string Model, IReadOnlyList<LayerJson> Layers, long Parameters, long MultiplyAccumulates);

/// <summary>A layer in <see cref="SummaryJson"/>; the shape is that of one picture, without the batch.</summary>
internal sealed record LayerJson(string Name, string Kind, IReadOnlyList<int> OutputShape, long Parameters, long MultiplyAccumulates);

/// <summary>What <c>bench --json</c> prints.</summary>
internal sealed record BenchJson(
    string Model, int Batch, int Threads, [property: JsonPropertyName("train_images_per_s")] double TrainImagesPerSecond,
    [property: JsonPropertyName("infer_images_per_s")] double InferImagesPerSecond, double LatencyMs, double TrainGflops, double InferGflops, double PeakGflops,
    double PeakMemoryMb, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LayerTimeJson>? Layers);

/// <summary>Where the time of <c>alexnet bench --layers</c> goes: milliseconds a batch, GFLOP/s of the direct sum.</summary>
internal sealed record LayerTimeJson(
    string Layers, string Kernel, string Reason, double ForwardMs, double ForwardGflops, double BackwardMs, double BackwardGflops, double InferMs, double InferGflops);

/// <summary>What <c>alexnet summary --memory</c> prints.</summary>
internal sealed record MemoryJson(string Model, int Batch, int Threads, MemoryEstimate Training, MemoryEstimate Inference);

/// <summary>What <c>find-lr --json</c> prints.</summary>
internal sealed record FindLearningRateJson(string Model, float Suggestion, IReadOnlyList<LearningRatePoint> Points);

/// <summary>Compiled JSON contracts: snake_case keys, no reflection at start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainJson))]
[JsonSerializable(typeof(EvalJson))]
[JsonSerializable(typeof(IReadOnlyList<PredictJson>))]
[JsonSerializable(typeof(InspectJson))]
[JsonSerializable(typeof(SummaryJson))]
[JsonSerializable(typeof(BenchJson))]
[JsonSerializable(typeof(MemoryJson))]
[JsonSerializable(typeof(FindLearningRateJson))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>The contracts in the two forms that are printed; neither escapes what JSON does not ask to be escaped.</summary>
internal static class JsonForms
{
    /// <summary>One object on one line.</summary>
    public static CliJson Line { get; } = new(new JsonSerializerOptions(CliJson.Default.TrainJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>For people to read too.</summary>
    public static CliJson Indented { get; } = new(new JsonSerializerOptions(CliJson.Default.TrainJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true });
}
