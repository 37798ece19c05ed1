using System.Net;
using Microsoft.AspNetCore.Http;

namespace AlexNetSharp.Server;

/// <summary>Keeps other sites' pages, open in the same browser, from using the server.</summary>
internal static class RequestOrigin
{
    /// <summary>Throws where a request comes from another site's page, or under a name that cannot be this machine's.</summary>
    /// <exception cref="RequestException">It does (403), or the name is another's (421).</exception>
    public static void Require(HttpRequest request, ServerOptions options)
    {
        // A name that somebody lets point at 127.0.0.1 makes his page the same origin as this server (DNS rebinding).
        if (options.ListensOnLoopbackOnly && !IsLoopback(request.Host.Host))
            throw new RequestException(StatusCodes.Status421MisdirectedRequest, "forbidden", $"This server listens on loopback and knows no host '{request.Host.Host}'; use localhost or 127.0.0.1.");
        if (request.Headers.Origin is [string origin] && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !IsOwn(origin, request.Host))
            throw new RequestException(StatusCodes.Status403Forbidden, "forbidden", $"Pages of '{origin}' may not use this server.");
    }

    private static bool IsLoopback(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    // Whatever the scheme: a proxy in front may have taken HTTPS off.
    private static bool IsOwn(string origin, HostString host) => Uri.TryCreate(origin, UriKind.Absolute, out Uri? parsed) && parsed.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
