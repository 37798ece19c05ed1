namespace AlexNetSharp.Interop.Onnx;

/// <summary>What evaluating may cost in all: memory for results, and steps. A graph from a file can ask for any amount of either.</summary>
/// <param name="bytes">Bytes of results.</param>
/// <param name="steps">Products, or elements moved.</param>
internal sealed class OnnxBudget(long bytes, long steps)
{
    private long _bytes = bytes;
    private long _steps = steps;

    /// <summary>Takes what a node needs.</summary>
    /// <exception cref="InvalidDataException">That much is not left.</exception>
    public void Take(OnnxNode node, long resultBytes, long nodeSteps)
    {
        if (resultBytes > _bytes)
            throw node.Error($"its result takes {resultBytes} bytes; of {bytes} for all results {_bytes} are left.");
        if (nodeSteps > _steps)
            throw node.Error($"it takes {nodeSteps} steps; of {steps} for the whole graph {_steps} are left.");
        _bytes -= resultBytes;
        _steps -= nodeSteps;
    }
}
