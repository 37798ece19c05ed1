namespace AlexNetSharp.Server;

/// <summary>More pictures wait than may: try again later. A web application answers 503.</summary>
public sealed class PredictorBusyException : Exception
{
    internal PredictorBusyException(string message, Exception reason)
        : base(message, reason)
    {
    }
}
