using System.Net;
using AlexNetSharp.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace AlexNetSharp.Server;

/// <summary>
/// Refuses what other web pages send, and says in words what went wrong. The page has no login: a browser that visits a page elsewhere must not be made
/// to start a training here.
/// </summary>
internal sealed class PageGuard : IEndpointFilter
{
    private const string SameOrigin = "same-origin";

    // Typed or bookmarked addresses, which no page made the browser send.
    private const string ByThePerson = "none";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            RequireOwnPage(http.Request, http.RequestServices.GetRequiredService<ServerOptions>());
            return await next(context);
        }
        catch (RequestException e)
        {
            if (e.Status == StatusCodes.Status503ServiceUnavailable)
                http.Response.Headers.RetryAfter = "1";
            return Error(e.Status, e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidModelException)
        {
            return Error(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
        catch (FileNotFoundException e)
        {
            return Error(StatusCodes.Status404NotFound, e.Message);
        }
        catch (Exception e) when (e is IOException and not BadHttpRequestException || e is UnauthorizedAccessException)
        {
            return Error(StatusCodes.Status409Conflict, e.Message);
        }
    }

    private static IResult Error(int status, string message) => Results.Json(new ErrorJson(message), PageJson.Default.ErrorJson, statusCode: status);

    private static void RequireOwnPage(HttpRequest request, ServerOptions options)
    {
        // A name that was made to lead here (DNS rebinding) makes a foreign page look like this server's own.
        if (options is { ListensOnLoopbackOnly: true, AllowTraining: false } && !IsLoopback(request.Host.Host))
            throw new RequestException(StatusCodes.Status403Forbidden, "foreign", $"The page was asked for as '{request.Host.Host}', but this server listens on loopback only: use localhost or 127.0.0.1, or start it with --allow-training.");
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool isOwn = site.Length > 0
            ? site is SameOrigin || (site is ByThePerson && HttpMethods.IsGet(request.Method))
            : request.Headers.Origin.ToString() is var origin && (origin.Length == 0 || IsOrigin(origin, request));
        if (!isOwn)
            throw new RequestException(StatusCodes.Status403Forbidden, "foreign", "This request comes from another web page. Open this server's own page, or use its API under /v2 and /predict.");
        // What a form of another page can send carries another type, even where a browser tells nothing of its origin.
        if (HttpMethods.IsPost(request.Method) && MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)))
            throw RequestException.UnsupportedType($"The body is {type.MediaType}; JSON or a picture is expected.");
    }

    private static bool IsOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
