namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>Which peers take part, and how.</summary>
/// <param name="Libtorch">Whether libtorch is here.</param>
/// <param name="WithoutLrn">Whether peers leave LRN out; this engine always computes it.</param>
internal sealed record PeerSelection(bool Libtorch, bool WithoutLrn);
