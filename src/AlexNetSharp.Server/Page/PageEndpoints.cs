using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AlexNetSharp.Server;

/// <summary>The web page: its files, and what they call under <c>/page/api</c>.</summary>
internal static class PageEndpoints
{
    /// <summary>Adds what the page's endpoints need.</summary>
    public static void AddPage(this IServiceCollection services)
    {
        services.AddSingleton<LookInside>();
        services.AddSingleton<TrainingRuns>();
        services.AddSingleton<RunEvents>();
        services.AddHostedService(provider => provider.GetRequiredService<TrainingRuns>());
    }

    /// <summary>Adds the page's files and what they call.</summary>
    public static void MapPage(this WebApplication app)
    {
        foreach (PageFile file in PageFile.All)
        {
            MapFile(app, $"/{file.Path}", file);
            if (file.Path == PageFile.Start)
                MapFile(app, "/", file);
        }
        RouteGroupBuilder api = app.MapGroup("/page/api").AddEndpointFilter<PageGuard>().ExcludeFromDescription();
        ModelEndpoints.Map(api);
        TrainingEndpoints.Map(api);
    }

    private static void MapFile(WebApplication app, string address, PageFile file) =>
        app.MapMethods(address, [HttpMethods.Get, HttpMethods.Head], context => ServeAsync(context, file)).WithMetadata(OpenToAll.Instance).ExcludeFromDescription();

    private static Task ServeAsync(HttpContext context, PageFile file)
    {
        // Asked for each time, answered in full only when it has changed: a new version of the program is seen at once.
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.ContentType, entityTag: file.Tag).ExecuteAsync(context);
    }
}
