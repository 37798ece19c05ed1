using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AlexNetSharp.Server;

/// <summary>The Open Inference Protocol, version 2, over REST (https://github.com/kserve/open-inference-protocol).</summary>
internal sealed class ProtocolEndpoints(ModelRepository models, BodyReader bodies, ServerState state)
{
    // Clients that do not say what they send are served all the same.
    private const string AnyType = "*/*";
    private const string Platform = "alexnetsharp";
    internal static readonly string Version = typeof(ProtocolEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Adds the protocol's addresses.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup("/v2").WithTags("Open Inference Protocol");
        group.MapGet("", (Delegate)Server).WithSummary("What the server is").Produces<ServerMetadataBody>();
        group.MapGet("health/live", (Delegate)Live).WithMetadata(OpenToAll.Instance).WithSummary("Whether the server runs").Produces<LiveBody>();
        group.MapGet("health/ready", (Delegate)Ready).WithMetadata(OpenToAll.Instance).WithSummary("Whether all models are loaded and requests are welcome").Produces<ReadyBody>().Produces<ErrorBody>(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("models", (Delegate)List).WithSummary("The names of the models").Produces<ModelListBody>();
        foreach (string path in (string[])["models/{name}", "models/{name}/versions/{version}"])
        {
            group.MapGet(path, Metadata).WithSummary("A model's tensors").Produces<ModelMetadataBody>().ProducesError(404);
            group.MapGet(path + "/ready", ModelReady).WithSummary("Whether a model can be asked").Produces<ModelReadyBody>().ProducesError(404, 503);
            group.MapPost(path + "/infer", InferAsync).WithSummary("Computes logits and probabilities").Accepts<InferRequestBody>("application/json", "application/octet-stream", AnyType)
                .Produces<InferResponseBody>().ProducesError(400, 404, 408, 413, 415, 503, 504);
        }
    }

    private static Task Server(HttpContext context) => JsonAnswers.WriteAsync(context.Response, StatusCodes.Status200OK, Version, static (writer, version) =>
    {
        writer.WriteString("name", "alexnet");
        writer.WriteString("version", version);
        writer.WriteStartArray("extensions");
        writer.WriteStringValue("binary_tensor_data");
        writer.WriteEndArray();
    });

    private static Task Live(HttpContext context) => JsonAnswers.WriteAsync(context.Response, StatusCodes.Status200OK, true, static (writer, live) => writer.WriteBoolean("live", live));

    private Task Ready(HttpContext context)
    {
        string? problem = state.IsDraining ? "The server is stopping." : models.IsLoaded ? null : "Models are being loaded.";
        return JsonAnswers.WriteAsync(context.Response, problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, problem, static (writer, problem) =>
        {
            writer.WriteBoolean("ready", problem is null);
            if (problem is not null)
                writer.WriteString("error", problem);
        });
    }

    private Task List(HttpContext context) => JsonAnswers.WriteAsync(context.Response, StatusCodes.Status200OK, models.Models, static (writer, models) =>
    {
        writer.WriteStartArray("models");
        foreach (string name in models.Keys)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    });

    private async Task Metadata(HttpContext context, string name, string? version)
    {
        using ModelLease lease = models.Require(name, version);
        ImmutableArray<ServedModel> versions = models.Models.TryGetValue(name, out ImmutableArray<ServedModel> found) ? found : [];
        await JsonAnswers.WriteAsync(context.Response, StatusCodes.Status200OK, (lease.Model, versions), static (writer, state) => WriteMetadata(writer, state.Model, state.versions));
    }

    private async Task ModelReady(HttpContext context, string name, string? version)
    {
        using ModelLease lease = models.Require(name, version);
        await JsonAnswers.WriteAsync(context.Response, StatusCodes.Status200OK, lease.Model, static (writer, model) =>
        {
            writer.WriteString("name", model.Name);
            writer.WriteBoolean("ready", true);
        });
    }

    private async Task InferAsync(HttpContext context, string name, string? version)
    {
        using ModelLease lease = models.Require(name, version);
        LoadedModel model = lease.Model;
        int classes = model.Spec.Classes.Length;
        using InferRequest request = await ReadAsync(context, model);
        int length = checked(request.Count * classes);
        float[] results = ArrayLoan.Rent<float>(2 * length);
        try
        {
            (Memory<float> logits, Memory<float> probabilities) = (results.AsMemory(0, length), results.AsMemory(length, length));
            await model.Batcher.RunAsync(request.Values.Memory, logits, request.Count, context.RequestAborted);
            SoftmaxCrossEntropy.Softmax(logits.Span, probabilities.Span, classes);
            await new InferAnswer(model, request, logits, probabilities).WriteAsync(context.Response);
        }
        finally
        {
            ArrayLoan.Return(results);
        }
    }

    private async ValueTask<InferRequest> ReadAsync(HttpContext context, LoadedModel model)
    {
        int? headerLength = null;
        if (context.Request.Headers.TryGetValue(InferAnswer.HeaderLength, out Microsoft.Extensions.Primitives.StringValues header))
        {
            headerLength = int.TryParse(header.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int parsed)
                ? parsed
                : throw RequestException.Invalid($"{InferAnswer.HeaderLength} is '{header}'; the number of bytes of JSON is expected.");
        }
        using RequestBody body = await bodies.ReadAsync(context);
        return InferRequestReader.Read(body.Memory.Span, headerLength, model);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, LoadedModel model, ImmutableArray<ServedModel> versions)
    {
        FeatureShape input = model.Spec.Input;
        writer.WriteString("name", model.Name);
        writer.WriteStartArray("versions");
        foreach (ServedModel served in versions)
            writer.WriteStringValue(served.Version);
        writer.WriteEndArray();
        writer.WriteString("platform", Platform);
        writer.WriteStartArray("inputs");
        WriteTensor(writer, TensorNames.Input, [input.Height, input.Width, input.Channels]);
        writer.WriteEndArray();
        writer.WriteStartArray("outputs");
        WriteTensor(writer, TensorNames.Logits, [model.Spec.Classes.Length]);
        WriteTensor(writer, TensorNames.Probabilities, [model.Spec.Classes.Length]);
        writer.WriteEndArray();
        // What clients of the protocol pass over: the order of the values, the other input, and what the outputs stand for.
        writer.WriteStartObject("parameters");
        writer.WriteString("layout", "NHWC");
        writer.WriteString("alternative_input", $"{TensorNames.Pixels} {TensorNames.Byte}");
        writer.WriteStartArray("classes");
        foreach (string label in model.Spec.Classes)
            writer.WriteStringValue(label);
        writer.WriteEndArray();
        if (model.Accuracy is not null)
            writer.WriteString("accuracy", model.Accuracy);
        writer.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter writer, string name, ReadOnlySpan<int> shape)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("datatype", TensorNames.Float);
        writer.WriteStartArray("shape");
        writer.WriteNumberValue(-1);
        foreach (int length in shape)
            writer.WriteNumberValue(length);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
