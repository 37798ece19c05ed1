using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Training;

/// <summary>Adds up the gradients of a step's batches, and bounds their sum.</summary>
internal sealed class GradientAccumulator(Network network) : IDisposable
{
    private readonly NativeBuffer<float> _sum = new(network.ValuesLength);

    /// <summary>∂L/∂parameters, laid out like the network's values.</summary>
    public Span<float> Span => _sum.Span;

    /// <summary>Begins a step.</summary>
    public void Clear() => _sum.Span.Clear();

    /// <summary>Adds a batch's gradient, multiplied by what makes of its mean a sum over pictures; the gradient is overwritten.</summary>
    public void Add(Span<float> gradient, float factor, ThreadTeam team)
    {
        if (factor != 1)
            Elementwise.Scale(gradient, factor, team);
        Elementwise.Add(_sum.Span, gradient, team);
    }

    /// <summary>Makes the mean of the sum, and shortens it where it is longer than a bound.</summary>
    public void Finish(float factor, float? largestNorm, ThreadTeam team)
    {
        Elementwise.Scale(_sum.Span, factor, team);
        if (largestNorm is float bound)
            GradientNorm.Clip(_sum.Span, bound, team);
    }

    public void Dispose() => _sum.Dispose();
}
