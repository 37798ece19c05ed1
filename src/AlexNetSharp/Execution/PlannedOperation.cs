namespace AlexNetSharp.Execution;

/// <summary>What a plan decided about one or several layers.</summary>
/// <param name="Name">The layers that are computed together, joined by +.</param>
/// <param name="Kernel">How.</param>
/// <param name="Reason">Why, where there was a choice; else empty.</param>
/// <param name="MultiplyAccumulates">Of one picture's forward pass, a convolution's counted as computed directly; 0 where there are none.</param>
/// <param name="BackwardMultiplyAccumulates">Of one picture's backward pass: twice as many, as many for the first operation, whose input has no gradient.</param>
public sealed record PlannedOperation(string Name, string Kernel, string Reason, long MultiplyAccumulates, long BackwardMultiplyAccumulates);
