namespace AlexNetSharp.Execution;

/// <summary>An operation that is decided upon and not made yet: it reserves its buffers when it is made, and needs to know its moments for that.</summary>
/// <param name="LastLayer">The last of the layers that it computes, counted from 0.</param>
/// <param name="Create">Makes it.</param>
internal sealed record OperationRecipe(int LastLayer, Func<PlanContext, OperationTime, Operation> Create);
