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
}
