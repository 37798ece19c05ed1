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
        api.MapGet("/models", (ModelRepository repository) => Results.Json(List(repository), PageJson.Default.ServedJson));
        api.MapGet("/model", (ModelRepository repository, string model, string? version) =>
        {
            using Held held = Find(repository, model, version);
            return Results.Json(new LayersJson([.. held.Model.Network.Shapes.Select(Describe)]), PageJson.Default.LayersJson);
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
            using Held held = new(model);
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
    private static async Task<IResult> PredictAsync(HttpContext context, ModelRepository repository, ServerOptions options, string model, string? version)
    {
        byte[] picture = await ReadAsync(context, options);
        using Held held = Find(repository, model, version);
        ModelSpec spec = held.Model.Spec;
        float[] input = Prepare(held.Model, picture), logits = new float[spec.Classes.Length];
        await held.Model.Batcher.RunAsync(input, logits, 1, context.RequestAborted);
        return Results.Json(new SeenJson(Likeliest(spec, logits), Address(InputPicture.Draw(spec, input))), PageJsonForms.Relaxed.SeenJson);
    }

    private static async Task<IResult> LookAsync(HttpContext context, ModelRepository repository, ServerOptions options, LookInside inside, string model, string? version, string? label)
    {
        byte[] picture = await ReadAsync(context, options);
        using Held held = Find(repository, model, version);
        int? asked = string.IsNullOrEmpty(label) ? null : int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < held.Model.Spec.Classes.Length
            ? index
            : throw RequestException.Invalid($"The label is '{label}'; the number of a class, 0 to {held.Model.Spec.Classes.Length - 1}, is expected.");
        float[] input = Prepare(held.Model, picture);
        return Results.Json(await inside.LookAsync(held.Model, input, asked, context.RequestAborted), PageJsonForms.Relaxed.LookJson);
    }

    private static float[] Prepare(LoadedModel model, byte[] picture)
    {
        if (model.Spec.Input.Channels is not (1 or Colors))
            throw new InvalidModelException($"Model '{model.Name}' takes {model.Spec.Input.Channels} channels; a picture has 1 (grey) or 3 (RGB). Choose another model.");
        float[] input = new float[model.Spec.Input.Length];
        model.Pictures.Prepare(picture, "picture", findsGlyph: true, input);
        return input;
    }

    private static Held Find(ModelRepository repository, string name, string? version)
    {
        if (repository.Find(name, string.IsNullOrEmpty(version) ? null : version)?.Acquire() is LoadedModel model)
            return new Held(model);
        throw repository.IsLoaded
            ? RequestException.NotFound($"Model '{name}'{(string.IsNullOrEmpty(version) ? "" : $", version {version},")} is not served any more. Reload the page.")
            : RequestException.Loading("The models are still being loaded; try again in a moment.");
    }

    private static async Task<byte[]> ReadAsync(HttpContext context, ServerOptions options)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            if (content.Length + read > options.MaximalBodyBytes)
                throw RequestException.TooLarge($"The picture has more than {options.MaximalBodyBytes} bytes, the most that this server takes. Make it smaller first.");
            content.Write(buffer, 0, read);
        }
        return content.Length > 0 ? content.ToArray() : throw RequestException.Invalid("The request has no body; a picture is expected.");
    }

    /// <summary>A model that is not freed meanwhile.</summary>
    private readonly struct Held(LoadedModel model) : IDisposable
    {
        public LoadedModel Model { get; } = model;

        public void Dispose() => Model.Release();
    }
}
