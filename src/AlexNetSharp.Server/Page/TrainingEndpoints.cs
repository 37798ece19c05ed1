using System.Text.Json;
using AlexNetSharp.Models;
using AlexNetSharp.Runs;
using AlexNetSharp.Runs.Reports;
using AlexNetSharp.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AlexNetSharp.Server;

/// <summary>What the page asks about runs, and has done with them.</summary>
internal static class TrainingEndpoints
{
    private const int MostBytes = 4096;

    // The report brings its own pictures and style along, and needs nothing else.
    private const string ReportPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/training", (TrainingRuns runs) => Results.Json(Choices(runs), PageJson.Default.TrainingJson));
        api.MapGet("/runs", (TrainingRuns runs) => Results.Json(new RunListJson(runs.List()), PageJson.Default.RunListJson));
        api.MapPost("/runs", BeginAsync);
        // Names of runs may hold slashes, which a part of an address cannot.
        api.MapGet("/run/events", (HttpContext context, RunEvents events, string name) => Results.ServerSentEvents(events.Follow(name, context.RequestAborted)));
        api.MapGet("/run/report", Report);
        api.MapPost("/run/stop", (TrainingRuns runs, string name) =>
        {
            runs.Stop(name);
            return Results.NoContent();
        });
        api.MapPost("/run/resume", async (HttpContext context, TrainingRuns runs, string name) =>
        {
            await runs.ResumeAsync(name, context.RequestAborted);
            return Results.NoContent();
        });
        api.MapPost("/run/serve", Serve);
    }

    private static TrainingJson Choices(TrainingRuns runs) => new(
        runs.Refusal is null, runs.Refusal, TrainingRuns.LocalData(),
        [.. Recipe.All.Where(recipe => recipe.Data is not null).Select(recipe => new RecipeJson(
            recipe.Name, recipe.Summary, recipe.Data, recipe.Options.Images is null ? recipe.Options.Epochs : null, recipe.Options.Images))]);

    private static async Task<IResult> BeginAsync(HttpContext context, TrainingRuns runs)
    {
        TrainingRequest request = await ReadAsync(context);
        return Results.Json(new BegunJson(await runs.BeginAsync(request, context.RequestAborted)), PageJson.Default.BegunJson);
    }

    private static async Task<TrainingRequest> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw RequestException.UnsupportedType($"The body is '{context.Request.ContentType}'; application/json is expected.");
        byte[] buffer = new byte[MostBytes + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > MostBytes)
            throw RequestException.TooLarge($"The body has more than {MostBytes} bytes; a handful of settings is expected.");
        try
        {
            return JsonSerializer.Deserialize(buffer.AsSpan(0, length), PageJson.Default.TrainingRequest) ?? throw new JsonException("it is null.");
        }
        catch (JsonException e)
        {
            throw RequestException.Invalid($"The body is not what a run is started with: {e.Message}");
        }
    }

    private static IResult Report(HttpContext context, TrainingRuns runs, string name)
    {
        string report = Path.Combine(runs.FolderOf(name), RunReport.FileName);
        if (!File.Exists(report))
            throw RequestException.NotFound($"The run '{name}' has no report yet; it is written at its end.");
        context.Response.Headers.ContentSecurityPolicy = ReportPolicy;
        return Results.Bytes(File.ReadAllBytes(report), "text/html; charset=utf-8");
    }

    private static IResult Serve(TrainingRuns runs, ModelRepository repository, string name)
    {
        runs.RequireAllowed();
        string folder = runs.FolderOf(name);
        if (!File.Exists(Path.Combine(folder, RunFolder.ModelName)))
            throw RequestException.NotFound($"The run '{name}' has no model yet; it is written at its end, or when it is stopped.");
        // The folder's own name, cut to what a model can be called; its parents' where they are needed to tell two apart.
        string served = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.', '_', '-');
        ModelSource source = ModelSource.Parse($"{served}={folder}");
        if (repository.Find(served)?.File is string file && Path.GetDirectoryName(Path.GetFullPath(file)) != folder)
            throw new RequestException(StatusCodes.Status409Conflict, "conflict", $"Another model is served as '{served}' already. Start the server with this one under another name: alexnet serve NAME={folder}.");
        try
        {
            repository.Add(source);
        }
        catch (InvalidModelException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        return Results.Json(new NowServedJson(served, repository.Find(served)!.Version), PageJson.Default.NowServedJson);
    }
}
