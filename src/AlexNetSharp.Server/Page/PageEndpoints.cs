using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AlexNetSharp.Server;

/// <summary>The web page.</summary>
internal static class PageEndpoints
{
    /// <summary>Adds the page's files and what they call.</summary>
    public static void MapPage(this WebApplication app) =>
        app.MapGet("/", () => Results.Text("<!doctype html><title>AlexNetSharp</title><p>AlexNetSharp serves models here.", "text/html; charset=utf-8")).WithMetadata(OpenToAll.Instance).ExcludeFromDescription();
}
