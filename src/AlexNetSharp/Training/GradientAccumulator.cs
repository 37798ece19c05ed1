using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Training;

/// <summary>Adds up the gradients of a step's batches.</summary>
internal sealed class GradientAccumulator(Network network) : IDisposable
{
    private readonly NativeBuffer<float> _sum = new(network.ValuesLength);

    /// <summary>∂L/∂parameters, laid out like the network's values.</summary>
    public Span<float> Span => _sum.Span;

    /// <summary>Begins a step.</summary>
    public void Clear() => _sum.Span.Clear();

    /// <summary>Adds the gradient of a batch's summed losses.</summary>
    public void Add(ReadOnlySpan<float> gradient, ThreadTeam team) => Elementwise.Add(_sum.Span, gradient, team);

    /// <summary>Makes the mean of the sum.</summary>
    /// <param name="weight">What the batches' targets come to.</param>
    /// <param name="team">The threads to compute with.</param>
    public void DivideBy(double weight, ThreadTeam team) => Elementwise.Scale(_sum.Span, (float)(1 / weight), team);

    public void Dispose() => _sum.Dispose();
}
