using AlexNetSharp.Kernels.Convolution;

namespace AlexNetSharp.Execution;

/// <summary>A row of <see cref="ConvolutionKernels"/>.</summary>
internal sealed record ConvolutionKernelRow
{
    /// <summary>What forces it.</summary>
    public required string Name { get; init; }

    /// <summary>Why it stands where it stands.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether it can compute a stage; the second argument says whether that is the network's first operation.</summary>
    public required Func<ConvolutionStage, bool, bool> Can { get; init; }

    /// <summary>Whether it is then the fastest that no row before it offers.</summary>
    public Func<ConvolutionStage, bool> Pays { get; init; } = _ => true;

    /// <summary>Whether it computes the pooling that follows along.</summary>
    public required bool TakesPooling { get; init; }

    /// <summary>Makes the operation; the last argument is <see cref="Reason"/>.</summary>
    public required Func<PlanContext, StageShape, OperationTime, string, Operation> Create { get; init; }
}
