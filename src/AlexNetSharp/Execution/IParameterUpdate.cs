using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Execution;

/// <summary>Moves a network's parameters by their gradients: an optimiser, as a plan sees it.</summary>
internal interface IParameterUpdate
{
    /// <summary>Moves one parameter.</summary>
    /// <param name="network">The network that the optimiser's state was made for.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Laid out like its values.</param>
    /// <param name="learningRate">This step's rate.</param>
    /// <param name="step">Counted from 1.</param>
    /// <param name="team">The threads to compute with.</param>
    void Update(Network network, Parameter parameter, ReadOnlySpan<float> gradient, float learningRate, int step, ThreadTeam team);

    /// <summary>Moves a dense layer's weights by a gradient that is computed on the way and never laid down.</summary>
    /// <param name="network">The network that the optimiser's state was made for.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="packedInput">From <see cref="DenseLayer.PackInput"/>.</param>
    /// <param name="dOutput">[batch, outputs].</param>
    /// <param name="geometry">The layer's sizes.</param>
    /// <param name="scratch">At least <see cref="DenseLayer.BackwardScratchLength"/> floats.</param>
    /// <param name="learningRate">This step's rate.</param>
    /// <param name="step">Counted from 1.</param>
    /// <param name="team">The threads to compute with.</param>
    void UpdateDense(
        Network network, Parameter weight, ReadOnlySpan<float> packedInput, ReadOnlySpan<float> dOutput, in DenseGeometry geometry, Span<float> scratch,
        float learningRate, int step, ThreadTeam team);
}
