using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Dense;
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

    public Optimizer(OptimizerOptions options, Network network, bool allocates = true)
    {
        _options = options;
        int moments = options is AdamOptions ? 2 : 1;
        Bytes = moments * network.Bytes;
        _first = new NativeBuffer<float>(allocates ? network.ValuesLength : 0);
        _second = new NativeBuffer<float>(allocates && moments == 2 ? network.ValuesLength : 0);
    }

    /// <summary>Bytes of the state.</summary>
    public long Bytes { get; }

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
        Update(network, network.Storage(parameter), First(parameter), Second(parameter), gradient, learningRate, step, team);

    /// <inheritdoc/>
    public void UpdateDense(
        Network network, Parameter weight, ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, in DenseGeometry geometry, Span<float> scratch,
        float learningRate, int step, ThreadTeam team)
    {
        network.Touch();
        Span<float> values = network.Storage(weight);
        switch (_options)
        {
            case AdamOptions adam:
                DenseLayer.WeightGradientWithAdam(
                    packedInput, dOutput, values, First(weight), Second(weight), Step(adam, learningRate, step), geometry, scratch, team);
                break;
            case SgdOptions sgd:
                DenseLayer.WeightGradientWithSgd(packedInput, dOutput, values, First(weight), Step(sgd, learningRate), geometry, scratch, team);
                break;
            default:
                throw Unknown();
        }
    }

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
                Adam.Update(values, first, second, gradient, Step(adam, learningRate, step), team);
                break;
            case SgdOptions sgd:
                Sgd.Update(values, first, gradient, Step(sgd, learningRate), team);
                break;
            default:
                throw Unknown();
        }
    }

    private static AdamStep Step(AdamOptions adam, float learningRate, int step) => new(learningRate, step, adam.Beta1, adam.Beta2, adam.Epsilon, adam.Form);

    private static SgdStep Step(SgdOptions sgd, float learningRate) => new(learningRate, sgd.Momentum, sgd.WeightDecay, sgd.Form);

    private Span<float> First(Parameter parameter) => parameter.In(_first.Span);

    private Span<float> Second(Parameter parameter) => _second.Length == 0 ? [] : parameter.In(_second.Span);

    private ArgumentException Unknown() => new($"{_options.GetType().Name} is no optimiser that this engine knows.");
}
