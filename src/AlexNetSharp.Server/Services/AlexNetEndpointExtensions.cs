using AlexNetSharp;
using AlexNetSharp.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The predictor as an endpoint of people's own applications.</summary>
public static class AlexNetEndpointExtensions
{
    private const int DefaultTop = 3;

    /// <summary>Maps a POST that takes a picture as the request's body and answers with the likeliest labels.</summary>
    /// <remarks>
    /// 200: <c>{"top": [{"label": "7", "probability": 0.998}, …]}</c>, the likeliest first, as many as <c>?top=N</c> asks for, else three.
    /// 400: no picture that can be read, or a <c>top</c> below 1; 503 with Retry-After: too many
    /// wait; 504: it waited too long. All are <c>{"error": "…"}</c>.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route.</param>
    /// <returns>For authorisation, rate limits, names and the like.</returns>
    /// <exception cref="InvalidOperationException"><c>services.AddAlexNet()</c> is missing.</exception>
    public static RouteHandlerBuilder MapAlexNet(this IEndpointRouteBuilder endpoints, string pattern = "/predict")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(IAlexNetPredictor)) != true)
            throw new InvalidOperationException("MapAlexNet needs a predictor. Call builder.Services.AddAlexNet() before builder.Build().");
        return endpoints.MapPost(pattern, PredictAsync)
            .Produces<PredictAnswer>()
            .Produces<PredictError>(StatusCodes.Status400BadRequest)
            .Produces<PredictError>(StatusCodes.Status503ServiceUnavailable)
            .Produces<PredictError>(StatusCodes.Status504GatewayTimeout);
    }

    private static async Task<IResult> PredictAsync(HttpRequest request, IAlexNetPredictor alexnet, int? top, CancellationToken cancellationToken)
    {
        if (top < 1)
            return Error($"top is {top}; at least 1 is expected.", StatusCodes.Status400BadRequest);
        try
        {
            Classification answer = await alexnet.PredictAsync(request.Body, "the request's body", cancellationToken);
            return Results.Ok(new PredictAnswer([.. answer.Labels.Take(top ?? DefaultTop).Select(label => new PredictedLabel(label.Label, label.Probability))]));
        }
        catch (InvalidDataException e)
        {
            return Error(e.Message, StatusCodes.Status400BadRequest);
        }
        catch (TimeoutException e)
        {
            return Error(e.Message, StatusCodes.Status504GatewayTimeout);
        }
        catch (PredictorBusyException e)
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
            return Error(e.Message, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static IResult Error(string message, int status) => Results.Json(new PredictError(message), statusCode: status);

    private sealed record PredictAnswer(PredictedLabel[] Top);

    private sealed record PredictedLabel(string Label, float Probability);

    private sealed record PredictError(string Error);
}
