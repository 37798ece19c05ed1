using System.Globalization;
using System.Reflection;
using AlexNetSharp.Data;
using AlexNetSharp.Images;
using AlexNetSharp.Inspection;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AlexNetSharp.Server;

/// <summary>What the page asks about models and pictures.</summary>
internal static class ModelEndpoints
{
    // More than a screen shows.
    private const int MostLabels = 20;

    private const int Colors = 3;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/models", (ModelRepository models) => Results.Json(List(models), PageJson.Default.ServedJson));
        api.MapGet("/model", (ModelRepository models, string model, string? version) =>
        {
            using ModelLease lease = models.Require(model, version);
            return Results.Json(new LayersJson([.. lease.Model.Network.Shapes.Select(Describe)]), PageJson.Default.LayersJson);
        });
        api.MapPost("/predict", PredictAsync);
        api.MapPost("/look", LookAsync);
    }

    /// <summary>An address that holds a PNG itself.</summary>
    public static string Address(StoredImage picture) => $"data:image/png;base64,{Convert.ToBase64String(PictureWriter.EncodePng(picture, Colors))}";

    /// <summary>Labels with their probabilities, the likeliest first.</summary>
    public static LikelyJson[] Likeliest(ModelSpec spec, ReadOnlySpan<float> logits)
    {
        float[] probabilities = new float[logits.Length];
        SoftmaxCrossEntropy.Softmax(logits, probabilities, logits.Length);
        return [.. probabilities.Select((probability, i) => new LikelyJson(spec.Classes[i], i, probability)).OrderByDescending(label => label.Probability).Take(MostLabels)];
    }

    private static ServedJson List(ModelRepository repository)
    {
        List<ServedModelJson> models = [];
        // The one that answers where none is named stands first, for the page to begin with.
        ServedModel? first = repository.Default;
        foreach (ServedModel served in repository.Models.Values.SelectMany(versions => versions.Reverse()).OrderByDescending(served => served.Name == first?.Name))
        {
            if (served.Acquire() is not LoadedModel model)
                continue;
            using ModelLease lease = new(model);
            models.Add(Describe(model));
        }
        string version = typeof(ModelEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        return models.Count > 0 || repository.IsLoaded ? new ServedJson(version, models) : throw RequestException.Loading("The models are still being loaded; try again in a moment.");
    }

    private static ServedModelJson Describe(LoadedModel model)
    {
        (int height, int width, int channels) = model.Spec.Input;
        return new ServedModelJson(model.Name, model.Version, new ShapeJson(height, width, channels), model.Spec.Preprocessing.FindsGlyph, model.Spec.Classes, model.Network.ParameterCount, model.Accuracy);
    }

    private static LayerJson Describe(LayerShape shape) =>
        new(shape.Layer.Name, shape.Layer.Kind, [shape.Output.Height, shape.Output.Width, shape.Output.Channels], shape.ParameterCount, shape.MultiplyAccumulates);

    // The same way as POST /predict goes: prepared alike, computed in the same batches.
    private static async Task<IResult> PredictAsync(HttpContext context, ModelRepository models, BodyReader bodies, PictureGate gate, string model, string? version)
    {
        using ModelLease lease = models.Require(model, version);
        ModelSpec spec = lease.Model.Spec;
        float[] input = await PrepareAsync(context, lease.Model, bodies, gate), logits = new float[spec.Classes.Length];
        await lease.Model.Batcher.RunAsync(input, logits, 1, context.RequestAborted);
        return Results.Json(new SeenJson(Likeliest(spec, logits), Address(InputPicture.Draw(spec, input))), PageJsonForms.Relaxed.SeenJson);
    }

    private static async Task<IResult> LookAsync(
        HttpContext context, ModelRepository models, BodyReader bodies, PictureGate gate, LookInside inside, string model, string? version, string? label)
    {
        using ModelLease lease = models.Require(model, version);
        int classes = lease.Model.Spec.Classes.Length;
        int? asked = string.IsNullOrEmpty(label) ? null : int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < classes
            ? index
            : throw RequestException.Invalid($"The label is '{label}'; the number of a class, 0 to {classes - 1}, is expected.");
        float[] input = await PrepareAsync(context, lease.Model, bodies, gate);
        return Results.Json(await inside.LookAsync(lease.Model, input, asked, context.RequestAborted), PageJsonForms.Relaxed.LookJson);
    }

    private static async Task<float[]> PrepareAsync(HttpContext context, LoadedModel model, BodyReader bodies, PictureGate gate)
    {
        if (model.Spec.Input.Channels is not (1 or Colors))
            throw new InvalidModelException($"Model '{model.Name}' takes {model.Spec.Input.Channels} channels; a picture has 1 (grey) or 3 (RGB). Choose another model.");
        using RequestBody body = await bodies.ReadAsync(context);
        if (body.Length == 0)
            throw RequestException.Invalid("The request has no body; a picture is expected.");
        float[] input = new float[model.Spec.Input.Length];
        await gate.EnterAsync(context.RequestAborted);
        try
        {
            model.Pictures.Prepare(body.Memory.Span, "picture", findsGlyph: true, input);
        }
        finally
        {
            gate.Leave();
        }
        return input;
    }
}
