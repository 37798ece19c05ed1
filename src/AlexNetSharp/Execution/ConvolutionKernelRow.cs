using AlexNetSharp.Kernels.Convolution;

namespace AlexNetSharp.Execution;

/// <summary>A row of <see cref="ConvolutionKernels"/>.</summary>
/// <param name="Name">What forces it.</param>
/// <param name="Reason">Why it stands where it stands.</param>
/// <param name="Should">Whether it is the best for a stage that no row before it took.</param>
/// <param name="Can">Whether it can compute a stage at all.</param>
/// <param name="TakesPooling">Whether it computes the pooling that follows along.</param>
/// <param name="Create">Makes the operation.</param>
internal sealed record ConvolutionKernelRow(
    string Name, string Reason, Func<ConvolutionStage, bool> Should, Func<ConvolutionStage, bool> Can, bool TakesPooling,
    Func<PlanContext, StageShape, OperationTime, Operation> Create);
