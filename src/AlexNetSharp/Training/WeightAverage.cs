using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Training;

/// <summary>An exponential moving average of a network's weights, laid out like them.</summary>
internal sealed class WeightAverage(Network network) : IDisposable
{
    private readonly NativeBuffer<float> _values = new(network.ValuesLength);

    /// <summary>Whether there is none yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The average.</summary>
    public Span<float> Values => _values.Span;

    /// <summary>average += (1 − decay) · (weights − average); the first time, the weights themselves.</summary>
    public void Update(Network weights, float decay, ThreadTeam team)
    {
        Elementwise.MoveTowards(_values.Span, weights.Values, IsEmpty ? 1 : 1 - decay, team);
        IsEmpty = false;
    }

    /// <summary>Takes over an average.</summary>
    public void Restore(ReadOnlySpan<float> values)
    {
        values.CopyTo(_values.Span);
        IsEmpty = false;
    }

    /// <summary>Gives a network the average, or leaves it alone where there is none yet.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryCopyTo(Network target)
    {
        if (IsEmpty)
            return false;
        _values.Span.CopyTo(target.Values);
        target.Touch();
        return true;
    }

    public void Dispose() => _values.Dispose();
}
