namespace AlexNetSharp.Server;

/// <summary>An inference request of the Open Inference Protocol, understood and checked.</summary>
internal sealed class InferRequest : IDisposable
{
    /// <summary>What the client calls it; null where it does not.</summary>
    public string? Id { get; set; }

    /// <summary>Pictures.</summary>
    public int Count { get; set; }

    /// <summary>What the model takes: [count, height, width, channels].</summary>
    public NumberBuffer Values { get; } = new();

    /// <summary>What is asked for, in order.</summary>
    public List<RequestedOutput> Outputs { get; } = new(2);

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}

/// <summary>An output that is asked for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsBinary">Whether as bytes after the JSON; null where the request as a whole says it.</param>
internal readonly record struct RequestedOutput(string Name, bool? IsBinary);
