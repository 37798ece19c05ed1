namespace AlexNetSharp.Interop.Onnx;

/// <summary>What evaluating may cost in all: memory for results, and steps. A graph from a file can ask for any amount of either.</summary>
/// <param name="bytes">Bytes of results.</param>
/// <param name="steps">Products, or elements moved.</param>
internal sealed class OnnxBudget(long bytes, long steps)
{
    private long _bytesTaken;
    private long _stepsTaken;

    /// <summary>Whether a node needed more than was left.</summary>
    public bool IsExceeded { get; private set; }

    /// <summary>The product of numbers that are not negative, or the largest long where it is larger.</summary>
    public static long Product(params ReadOnlySpan<long> factors)
    {
        long product = 1;
        foreach (long factor in factors)
            product = factor != 0 && product > long.MaxValue / factor ? long.MaxValue : product * factor;
        return factors.Contains(0) ? 0 : product;
    }

    /// <summary>Takes what a node needs.</summary>
    /// <exception cref="InvalidDataException">That much is not left.</exception>
    public void Take(OnnxNode node, long resultBytes, long nodeSteps)
    {
        IsExceeded = resultBytes > bytes - _bytesTaken || nodeSteps > steps - _stepsTaken;
        if (resultBytes > bytes - _bytesTaken)
            throw node.Error($"its result takes {resultBytes} bytes; of {bytes} for all results {bytes - _bytesTaken} are left.");
        if (nodeSteps > steps - _stepsTaken)
            throw node.Error($"it takes {nodeSteps} steps; of {steps} for the whole graph {steps - _stepsTaken} are left.");
        _bytesTaken += resultBytes;
        _stepsTaken += nodeSteps;
    }
}
