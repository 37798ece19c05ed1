using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AlexNetSharp.Server;

/// <summary>Lets pass who carries a key: <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.</summary>
internal sealed class ApiKeyCheck(RequestDelegate next, ServerOptions options)
{
    private const string Scheme = "Bearer ";

    // Digests have one length, so that comparing them tells nothing about the keys', and every one is compared with.
    private readonly byte[][] _keys = [.. options.ApiKeys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null || IsKey(Presented(context.Request.Headers)))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new RequestException(StatusCodes.Status401Unauthorized, "unauthorized", "An API key is needed: 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'.");
    }

    private static string? Presented(IHeaderDictionary headers)
    {
        if (headers.Authorization is [string authorization] && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return authorization[Scheme.Length..].Trim();
        return headers["X-Api-Key"] is [string key] ? key : null;
    }

    private bool IsKey(string? presented)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(presented ?? ""));
        bool found = false;
        foreach (byte[] key in _keys)
            found |= CryptographicOperations.FixedTimeEquals(key, digest);
        return found && presented is not null;
    }
}
