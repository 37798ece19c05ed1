using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Execution;

/// <summary>The leaky rectifier, element by element.</summary>
/// <param name="slope">What negative values are multiplied by.</param>
/// <param name="team">The threads to compute with.</param>
internal sealed class LeakyReluOperation(float slope, ThreadTeam team) : Operation
{
    public override string Kernel => "LeakyRelu, element by element";

    // With a negative slope outputs do not tell which inputs were positive.
    public override bool KeepsInput => slope < 0;

    public override bool KeepsOutput => slope >= 0;

    public override bool CanRunInPlace => true;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) => LeakyRectifier.Forward(input, output, slope, team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (!dInput.IsEmpty)
            LeakyRectifier.Backward(KeepsInput ? input : output, dOutput, dInput, slope, team);
    }
}
