namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>What a step is.</summary>
internal enum WorkloadMode
{
    /// <summary>Forward with dropout, backward, update.</summary>
    Train,

    /// <summary>The forward pass.</summary>
    Infer,
}
