using AlexNetSharp.Kernels.Threading;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>What the benchmarks of a kernel family share: a team of threads, and memory that goes when they are done.</summary>
public abstract class KernelBenchmark
{
    private readonly List<IDisposable> _kept = [];

    /// <summary>Threads of the team.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    private protected ThreadTeam Team { get; private set; } = null!;

    /// <summary>Starts the team and lays out the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Team = new ThreadTeam(Threads);
        Prepare();
    }

    /// <summary>Frees everything.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable kept in _kept)
            kept.Dispose();
        _kept.Clear();
        Team.Dispose();
    }

    private protected abstract void Prepare();

    private protected AlignedFloats Noise(long length) => Keep(AlignedFloats.Noise(length, (ulong)_kept.Count));

    private protected AlignedFloats Empty(long length) => Keep(new AlignedFloats(length));

    private protected T Keep<T>(T kept)
        where T : IDisposable
    {
        _kept.Add(kept);
        return kept;
    }
}
