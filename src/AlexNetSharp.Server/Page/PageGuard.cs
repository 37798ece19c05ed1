using AlexNetSharp.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AlexNetSharp.Server;

/// <summary>
/// Refuses what other web pages send, beside what <see cref="RequestOrigin"/> does for every request, and makes of what goes wrong an answer in words.
/// The page has no login: a browser that visits a page elsewhere must not be made to start a training here.
/// </summary>
internal sealed class PageGuard : IEndpointFilter
{
    private const string SameOrigin = "same-origin";

    // What a form of another page can send without being asked about.
    private static readonly string[] FormTypes = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsPost(http.Request.Method))
            RequireOwnPage(http.Request);
        try
        {
            return await next(context);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidModelException)
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, "invalid", e.Message);
        }
        catch (FileNotFoundException e)
        {
            throw RequestException.NotFound(e.Message);
        }
        catch (Exception e) when (e is IOException and not BadHttpRequestException || e is UnauthorizedAccessException)
        {
            throw new RequestException(StatusCodes.Status409Conflict, "conflict", e.Message);
        }
    }

    private static void RequireOwnPage(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site != SameOrigin)
            throw new RequestException(StatusCodes.Status403Forbidden, "forbidden", "This request comes from another web page. Open this server's own page, or use its API under /v2 and /predict.");
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && FormTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
            throw RequestException.UnsupportedType($"The body is {type.MediaType}; JSON or a picture is expected.");
    }
}
