using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Training;

/// <summary>An optimiser with its state, which is laid out like the network's values: one pass updates everything.</summary>
internal sealed class Optimizer : IParameterUpdate, IDisposable
{
    private readonly OptimizerOptions _options;
    private readonly NativeBuffer<float> _first;
    private readonly NativeBuffer<float> _second;

    public Optimizer(OptimizerOptions options, Network network)
    {
        _options = options;
        _first = new NativeBuffer<float>(network.Values.Length);
        _second = new NativeBuffer<float>(options is AdamOptions ? network.Values.Length : 0);
    }

    /// <summary>Moves the weights.</summary>
    /// <param name="network">The network that the state was made for.</param>
    /// <param name="gradient">Laid out like its values.</param>
    /// <param name="learningRate">This step's rate.</param>
    /// <param name="step">Counted from 1.</param>
    /// <param name="team">The threads to compute with.</param>
    public void Update(Network network, ReadOnlySpan<float> gradient, float learningRate, int step, ThreadTeam team) =>
        Update(network, network.Values, _first.Span, _second.Span, gradient, learningRate, step, team);

    /// <inheritdoc/>
    public void Update(Network network, Parameter parameter, ReadOnlySpan<float> gradient, float learningRate, int step, ThreadTeam team) =>
        Update(
            network, parameter.In(network.Values), parameter.In(_first.Span), _second.Length == 0 ? [] : parameter.In(_second.Span), gradient, learningRate, step, team);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private void Update(
        Network network, Span<float> values, Span<float> first, Span<float> second, ReadOnlySpan<float> gradient, float learningRate, int step, ThreadTeam team)
    {
        network.Touch();
        switch (_options)
        {
            case AdamOptions adam:
                Adam.Update(
                    values, first, second, gradient,
                    new AdamStep(learningRate, step, adam.Beta1, adam.Beta2, adam.Epsilon, adam.Form), team);
                break;
            case SgdOptions sgd:
                Sgd.Update(values, first, gradient, new SgdStep(learningRate, sgd.Momentum, sgd.WeightDecay, sgd.Form), team);
                break;
            default:
                throw new ArgumentException($"{_options.GetType().Name} is no optimiser that this engine knows.");
        }
    }
}
