using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace AlexNetSharp.Server;

/// <summary>Stands around every request: security headers, errors as JSON, metrics.</summary>
internal sealed partial class RequestGuard(RequestDelegate next, ServerOptions options, ServerState state, ServerMetrics metrics, ILogger<RequestGuard> logger)
{
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Nobody reads the answer to a client that has gone.
    private const int ClientClosed = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        AddHeaders(context.Response.Headers);
        // Looked at when the answer begins: a request may have come long before the server was told to stop.
        context.Response.OnStarting(CloseWhenDraining, context.Response);
        try
        {
            RequestOrigin.Require(context.Request, options);
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
                await AnswerAsync(context, context.Response.StatusCode, "refused", Describe(context));
        }
        catch (Exception e)
        {
            await FailAsync(context, e);
        }
        metrics.Answered((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none", context.Response.StatusCode, Stopwatch.GetElapsedTime(start));
    }

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private Task CloseWhenDraining(object response)
    {
        if (state.IsDraining)
            ((HttpResponse)response).Headers.Connection = "close";
        return Task.CompletedTask;
    }

    private Task FailAsync(HttpContext context, Exception e)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Failed("hung_up");
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : ClientClosed;
            return Task.CompletedTask;
        }
        switch (e)
        {
            case RequestException refused:
                if (refused.Status == StatusCodes.Status503ServiceUnavailable)
                    context.Response.Headers.RetryAfter = "1";
                return AnswerAsync(context, refused.Status, refused.Reason, refused.Message);
            // Kestrel's own: too large, too slow, broken chunks.
            case BadHttpRequestException bad:
                return AnswerAsync(context, bad.StatusCode, bad.StatusCode switch { 408 => "slow_body", 413 => "too_large", _ => "invalid" }, bad.Message);
            default:
                LogFailed(context.Request.Method, context.Request.Path, e);
                return AnswerAsync(context, StatusCodes.Status500InternalServerError, "internal", "The server failed at this request; its log says why.");
        }
    }

    private async Task AnswerAsync(HttpContext context, int status, string reason, string message)
    {
        metrics.Failed(reason);
        LogRefused(context.Request.Method, context.Request.Path, status, message);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }
        await JsonAnswers.WriteErrorAsync(context.Response, status, message);
    }

    private static string Describe(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at '{context.Request.Path}'. /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed => $"'{context.Request.Path}' takes {context.Response.Headers.Allow}, not {context.Request.Method}.",
        int status => ReasonPhrases.GetReasonPhrase(status),
    };

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFailed(string method, PathString path, Exception exception);

    [LoggerMessage(LogLevel.Debug, "{Method} {Path} answered {Status}: {Problem}")]
    private partial void LogRefused(string method, PathString path, int status, string problem);
}
