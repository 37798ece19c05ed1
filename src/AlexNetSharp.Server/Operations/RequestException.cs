using Microsoft.AspNetCore.Http;

namespace AlexNetSharp.Server;

/// <summary>Why a request is answered with an error: the message is what the client is told.</summary>
internal sealed class RequestException(int status, string reason, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>One word for the metrics.</summary>
    public string Reason { get; } = reason;

    public static RequestException Invalid(string message) => new(StatusCodes.Status400BadRequest, "invalid", message);

    public static RequestException NotFound(string message) => new(StatusCodes.Status404NotFound, "not_found", message);

    public static RequestException TooSlow(string message) => new(StatusCodes.Status408RequestTimeout, "slow_body", message);

    public static RequestException TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, "too_large", message);

    public static RequestException UnsupportedType(string message) => new(StatusCodes.Status415UnsupportedMediaType, "unsupported_type", message);

    public static RequestException Overloaded(string message) => new(StatusCodes.Status503ServiceUnavailable, "overloaded", message);

    public static RequestException Loading(string message) => new(StatusCodes.Status503ServiceUnavailable, "loading", message);

    public static RequestException DeadlineExceeded(string message) => new(StatusCodes.Status504GatewayTimeout, "deadline", message);
}
