using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Training;

/// <summary>An exponential moving average of a network's weights, laid out like them.</summary>
internal sealed class WeightAverage(Network network) : IDisposable
{
    private readonly NativeBuffer<float> _values = new(network.ValuesLength);
    private bool _isEmpty = true;

    /// <summary>average += (1 − decay) · (weights − average); the first time, the weights themselves.</summary>
    public void Update(Network weights, float decay, ThreadTeam team)
    {
        Elementwise.MoveTowards(_values.Span, weights.Values, _isEmpty ? 1 : 1 - decay, team);
        _isEmpty = false;
    }

    /// <summary>Gives a network the average, or leaves it alone where there is none yet.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryCopyTo(Network target)
    {
        if (_isEmpty)
            return false;
        _values.Span.CopyTo(target.Values);
        target.Touch();
        return true;
    }

    public void Dispose() => _values.Dispose();
}
