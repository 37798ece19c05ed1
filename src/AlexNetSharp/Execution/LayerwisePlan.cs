using System.Collections.Immutable;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Execution;

/// <summary>A network computed for one picture layer by layer, dropout off: every output stays, and logits can be differentiated by one of them.</summary>
/// <remarks>
/// An <see cref="ExecutionPlan"/> computes layers together and lets buffers share memory, so that most layers' outputs never exist, or not for
/// long. Here the same kernels compute one layer each. Only what lies above the layer differentiated by keeps what a backward pass reads.
/// </remarks>
internal sealed class LayerwisePlan : IDisposable
{
    private static readonly RunContext OnePicture = new(Count: 1, Seed: 0, Step: 0, DropsOut: false);

    private readonly PlanMemory _memory = new();
    private readonly ImmutableArray<OperationRecipe> _recipes;
    private readonly ImmutableArray<Operation> _operations;

    // As in ExecutionPlan: operation i's input and output are _activations[i] and [i + 1], and _gradients[i] is the gradient of _activations[i].
    private readonly PlanBuffer<float>[] _activations;
    private readonly PlanBuffer<float>?[] _gradients;

    // The first operation above the layer differentiated by.
    private readonly int _lowest;

    /// <param name="network">The weights, read where they lie; must outlive the plan.</param>
    /// <param name="differentiatedBy">The layer by whose output logits are differentiated; the last one for no backward pass.</param>
    /// <param name="team">The threads; must outlive the plan.</param>
    public LayerwisePlan(Network network, int differentiatedBy, ThreadTeam team)
    {
        _recipes = Lowering.Lower(network, PlanMode.Inference, fuses: false);
        int count = _recipes.Length;
        _lowest = OperationsUpTo(differentiatedBy);
        PlanContext inferring = new(network, MaximalBatch: 1, PlanMode.Inference, team, _memory, Optimizer: null);
        PlanContext training = inferring with { Mode = PlanMode.Training, Optimizer = new GradientsDropped() };
        _operations = [.. _recipes.Select((recipe, i) => recipe.Create(i < _lowest ? inferring : training, new OperationTime(i, count)))];
        _activations = new PlanBuffer<float>[count + 1];
        _gradients = new PlanBuffer<float>?[count + 1];
        for (int i = 0; i <= count; i++)
        {
            OperationTime time = new(i, count);
            int length = i == 0 ? network.Spec.Input.Length : _operations[i - 1].OutputLength;
            _activations[i] = _memory.Reserve<float>($"activation {i}", length, 0, time.End);
            if (i >= _lowest)
                _gradients[i] = _memory.Reserve<float>($"gradient {i}", length, time.Backward, time.End);
        }
        _memory.LayOut();
        _memory.Allocate();
    }

    /// <summary>Where the picture is to be written before <see cref="Forward"/>: [height, width, channels].</summary>
    public Span<float> Input => _activations[0].Span;

    /// <summary>Computes every layer's output.</summary>
    public void Forward()
    {
        for (int i = 0; i < _operations.Length; i++)
            _operations[i].Forward(OnePicture, _activations[i].Span, _activations[i + 1].Span);
    }

    /// <summary>A layer's output after <see cref="Forward"/>, [height, width, channels]; that of the one before it where a layer changes nothing.</summary>
    public ReadOnlySpan<float> Output(int layer) => _activations[OperationsUpTo(layer)].Span;

    /// <summary>The gradient of Σ dLogits · logits by the output of the layer differentiated by, once after each <see cref="Forward"/>.</summary>
    public ReadOnlySpan<float> Differentiate(ReadOnlySpan<float> dLogits)
    {
        dLogits.CopyTo(_gradients[^1]!.Span);
        for (int i = _operations.Length - 1; i >= _lowest; i--)
            _operations[i].Backward(OnePicture, _activations[i].Span, _activations[i + 1].Span, _gradients[i + 1]!.Span, _gradients[i]!.Span);
        return _gradients[_lowest]!.Span;
    }

    public void Dispose() => _memory.Dispose();

    private int OperationsUpTo(int layer) => _recipes.Count(recipe => recipe.LastLayer <= layer);

    /// <summary>Leaves weights as they are: what is asked for is the gradient of activations.</summary>
    private sealed class GradientsDropped : IParameterUpdate
    {
        public void Update(Network network, Parameter parameter, ReadOnlySpan<float> gradient, float learningRate, int step, ThreadTeam team)
        {
        }

        public void UpdateDense(
            Network network, Parameter weight, ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, in DenseGeometry geometry, Span<float> scratch,
            float learningRate, int step, ThreadTeam team)
        {
        }
    }
}
