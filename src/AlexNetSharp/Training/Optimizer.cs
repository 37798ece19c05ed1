using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Training;

/// <summary>An optimiser with its state, which is laid out like the network's values: one pass updates everything.</summary>
internal sealed class Optimizer : IParameterUpdate, IDisposable
{
    private readonly OptimizerOptions _options;
    private readonly IReadOnlySet<string> _frozen;
    private readonly NativeBuffer<float> _first;
    private readonly NativeBuffer<float> _second;

    /// <summary>An optimiser at its start.</summary>
    /// <param name="options">The constants.</param>
    /// <param name="network">The network that the state is laid out like.</param>
    /// <param name="frozen">Names of the parameters that it leaves as they are; null for none.</param>
    /// <param name="allocates">Whether to take the memory.</param>
    public Optimizer(OptimizerOptions options, Network network, IReadOnlySet<string>? frozen = null, bool allocates = true)
    {
        _options = options;
        _frozen = frozen ?? new HashSet<string>();
        int moments = options is AdamOptions ? 2 : 1;
        Bytes = moments * network.Bytes;
        _first = new NativeBuffer<float>(allocates ? network.ValuesLength : 0);
        _second = new NativeBuffer<float>(allocates && moments == 2 ? network.ValuesLength : 0);
    }

    /// <summary>Bytes of the state.</summary>
    public long Bytes { get; }

    /// <summary>Moments that it keeps: 1 or 2.</summary>
    public int Moments => _second.Length == 0 ? 1 : 2;

    /// <summary>A moment, laid out like the network's values.</summary>
    /// <param name="moment">0 or 1.</param>
    public Span<float> Moment(int moment) => (moment == 0 ? _first : _second).Span;

    /// <summary>Moves all parameters.</summary>
    /// <param name="network">The network that the state was made for.</param>
    /// <param name="gradient">Laid out like its values.</param>
    /// <param name="learningRate">This step's rate.</param>
    /// <param name="step">Counted from 1.</param>
    /// <param name="team">The threads to compute with.</param>
    public void Update(Network network, Span<float> gradient, float learningRate, int step, ThreadTeam team)
    {
        foreach (Parameter parameter in network.Parameters)
            Update(network, parameter, parameter.In(gradient), learningRate, step, team);
    }

    /// <inheritdoc/>
    public void Update(Network network, Parameter parameter, ReadOnlySpan<float> gradient, float learningRate, int step, ThreadTeam team)
    {
        if (_frozen.Contains(parameter.Name))
            return;
        network.Touch();
        float decay = DecayOf(parameter);
        Span<float> values = network.Storage(parameter);
        switch (_options)
        {
            case AdamOptions adam:
                Adam.Update(values, First(parameter), Second(parameter), gradient, Step(adam, learningRate, step, decay), team);
                break;
            case SgdOptions sgd:
                Sgd.Update(values, First(parameter), gradient, Step(sgd, learningRate, decay), team);
                break;
            default:
                throw Unknown();
        }
    }

    /// <inheritdoc/>
    public void UpdateDense(
        Network network, Parameter weight, ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, in DenseGeometry geometry, Span<float> scratch,
        float learningRate, int step, ThreadTeam team)
    {
        if (_frozen.Contains(weight.Name))
            return;
        network.Touch();
        float decay = DecayOf(weight);
        Span<float> values = network.Storage(weight);
        switch (_options)
        {
            case AdamOptions adam:
                DenseLayer.WeightGradientWithAdam(
                    packedInput, dOutput, values, First(weight), Second(weight), Step(adam, learningRate, step, decay), geometry, scratch, team);
                break;
            case SgdOptions sgd:
                DenseLayer.WeightGradientWithSgd(packedInput, dOutput, values, First(weight), Step(sgd, learningRate, decay), geometry, scratch, team);
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

    private static AdamStep Step(AdamOptions adam, float learningRate, int step, float decay) =>
        new(learningRate, step, adam.Beta1, adam.Beta2, adam.Epsilon, adam.Form, decay);

    private static SgdStep Step(SgdOptions sgd, float learningRate, float decay) => new(learningRate, sgd.Momentum, decay, sgd.Form, sgd.Nesterov);

    private float DecayOf(Parameter parameter) => parameter.Spec.Role == ParameterRole.Bias && !_options.DecaysBiases ? 0 : _options.WeightDecay;

    private Span<float> First(Parameter parameter) => parameter.In(_first.Span);

    private Span<float> Second(Parameter parameter) => _second.Length == 0 ? [] : parameter.In(_second.Span);

    private ArgumentException Unknown() => new($"{_options.GetType().Name} is no optimiser that this engine knows.");
}
