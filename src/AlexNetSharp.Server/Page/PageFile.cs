using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AlexNetSharp.Server;

/// <summary>A file of the page, as it lies in this assembly: so it is there wherever the program is.</summary>
/// <param name="Path">Where the page finds it: <c>js/app.js</c>.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">What browsers are told that it is.</param>
/// <param name="Tag">Tells one content from another.</param>
internal sealed record PageFile(string Path, byte[] Content, string ContentType, EntityTagHeaderValue Tag)
{
    /// <summary>The file that the address of the server itself shows.</summary>
    public const string Start = "index.html";

    private const string Prefix = "wwwroot/";

    /// <summary>All files.</summary>
    public static ImmutableArray<PageFile> All { get; } = [.. Names().Select(Read)];

    private static IEnumerable<string> Names() =>
        typeof(PageFile).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static PageFile Read(string name)
    {
        using Stream stream = typeof(PageFile).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
        return new PageFile(name[Prefix.Length..], content, TypeOf(name), tag);
    }

    private static string TypeOf(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        _ => "application/octet-stream",
    };
}
