using AlexNetSharp.Kernels.Diagnostics;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>What the processor and its memory can do at best with a team's threads, measured beside the engines, round by round.</summary>
internal sealed class Roofline(ThreadTeam team) : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(150);

    private readonly ThreadTeam _team = team;
    private readonly CopyBandwidth _copy = new(team);
    private readonly List<double> _peaks = [];
    private readonly List<double> _bandwidths = [];

    /// <summary>GFLOP/s of fused multiply-adds, one a round.</summary>
    public IReadOnlyList<double> Peaks => _peaks;

    /// <summary>GB/s of copying, one a round.</summary>
    public IReadOnlyList<double> Bandwidths => _bandwidths;

    /// <summary>Measures both once.</summary>
    public void MeasureRound()
    {
        _peaks.Add(FusedMultiplyAddPeak.Measure(_team, Slice));
        _bandwidths.Add(_copy.Measure(Slice));
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _copy.Dispose();
}
