using AlexNetSharp;
using AlexNetSharp.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The predictor as an endpoint of people's own applications.</summary>
public static class AlexNetEndpointExtensions
{
    private const int DefaultTop = 3;
    private const string OnlyVersion = "1";

    /// <summary>Maps a POST that takes pictures and answers with the likeliest labels, as <c>POST /predict</c> of <c>alexnet serve</c> does.</summary>
    /// <remarks>
    /// A picture is the body itself, or pictures are the files of a multipart body; <c>?top=N</c> asks for N labels, else three come. 200:
    /// <c>{"model": …, "version": "1", "predictions": [{"file": "seven.png", "top": [{"label": "7", "probability": 0.998}, …]}, …]}</c>. Errors are
    /// <c>{"error": …}</c>: 400 for what cannot be read, 413 for too much, 415 for other types of bodies, 503 with Retry-After where too many pictures
    /// wait, 504 where they waited too long.
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
        return endpoints.MapPost(pattern, AnswerAsync).Produces<PredictResponseBody>().ProducesError(400, 413, 415, 503, 504);
    }

    private static async Task<IResult> AnswerAsync(HttpRequest request, IAlexNetPredictor alexnet, IOptions<AlexNetServiceOptions> options, int? top, CancellationToken cancellationToken)
    {
        try
        {
            return Results.Ok(await PredictAsync(request, alexnet, options.Value, top ?? DefaultTop, cancellationToken));
        }
        catch (RequestException e)
        {
            return Error(e.Message, e.Status);
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

    private static async Task<PredictResponseBody> PredictAsync(HttpRequest request, IAlexNetPredictor alexnet, AlexNetServiceOptions options, int top, CancellationToken cancellationToken)
    {
        if (top < 1)
            throw RequestException.Invalid($"top is {top}; a whole number from 1 up is expected.");
        ReadOnlyMemory<byte> body = await BoundedStream.ReadAllAsync(request.Body, options.MaximalPictureBytes, cancellationToken)
            ?? throw RequestException.TooLarge($"The body has more than {options.MaximalPictureBytes} bytes. Send less at a time.");
        // No more at once than may wait.
        IReadOnlyList<PicturePart> pictures = await PictureParts.ReadAsync(request, body, options.QueueCapacity, cancellationToken);
        // Side by side, so that they are computed together.
        Classification[] answers = await Task.WhenAll(pictures.Select(picture => alexnet.PredictAsync(picture.Encoded, picture.Name, cancellationToken)));
        return new PredictResponseBody(alexnet.Model.Name, OnlyVersion, [.. answers.Select((answer, i) => new PredictionBody(pictures[i].Name, [.. answer.Labels
            .Take(top).Select(label => new LabelBody(label.Label, label.Probability))]))]);
    }

    private static IResult Error(string message, int status) => Results.Json(new ErrorBody(message), statusCode: status);
}
