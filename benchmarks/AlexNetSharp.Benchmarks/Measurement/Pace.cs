namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>How long is measured, and how often.</summary>
/// <param name="Rounds">Rounds; in each of them every engine has its turn.</param>
/// <param name="Seconds">Seconds for each engine, all rounds together.</param>
internal sealed record Pace(int Rounds, double Seconds)
{
    /// <summary>What is taken when nothing is said.</summary>
    public static Pace Thorough { get; } = new(7, 7);

    /// <summary>For a look.</summary>
    public static Pace Quick { get; } = new(3, 1.5);

    /// <summary>An engine's turn.</summary>
    public TimeSpan Slice => TimeSpan.FromSeconds(Seconds / Rounds);
}
