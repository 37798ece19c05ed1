namespace AlexNetSharp.Server;

/// <summary>More pictures wait than may: try again later. A web application answers 503.</summary>
public sealed class PredictorBusyException : Exception
{
    internal PredictorBusyException(int queue)
        : base($"{queue} pictures are waiting already, as many as may. Try again in a moment.")
    {
    }
}
