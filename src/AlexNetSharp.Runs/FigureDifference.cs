namespace AlexNetSharp.Runs;

/// <summary>A figure that two runs ended with; null where a run has none.</summary>
/// <param name="Name">Its name, as in <c>run.json</c>: <c>test_accuracy</c>.</param>
/// <param name="A">The first run's.</param>
/// <param name="B">The second run's.</param>
public sealed record FigureDifference(string Name, double? A, double? B)
{
    /// <summary>B − A; null where one is missing.</summary>
    public double? Difference => B - A;
}
