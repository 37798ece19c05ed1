namespace AlexNetSharp.Execution;

/// <summary>What a plan decided about one or several layers.</summary>
/// <param name="Name">The layers that are computed together, joined by +.</param>
/// <param name="Kernel">How.</param>
public sealed record PlannedOperation(string Name, string Kernel);
