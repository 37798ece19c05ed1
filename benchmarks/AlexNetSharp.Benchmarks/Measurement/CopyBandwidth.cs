using System.Diagnostics;
using System.Runtime.InteropServices;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>Measures how fast all threads together copy memory that no cache holds.</summary>
internal sealed unsafe class CopyBandwidth : IDisposable
{
    // Four times the last-level cache that a virtual machine usually sees a share of.
    private const int TotalBytes = 256 << 20;
    private const int Alignment = 4096;

    private readonly ThreadTeam _team;
    private readonly nint _part;
    private readonly byte* _source;
    private readonly byte* _target;

    /// <summary>Takes the memory and touches it, so that no measurement pays for its pages.</summary>
    public CopyBandwidth(ThreadTeam team)
    {
        _team = team;
        _part = TotalBytes / team.ThreadCount / Alignment * Alignment;
        _source = (byte*)NativeMemory.AlignedAlloc(TotalBytes, Alignment);
        _target = (byte*)NativeMemory.AlignedAlloc(TotalBytes, Alignment);
        NativeMemory.Fill(_source, TotalBytes, 1);
        NativeMemory.Fill(_target, TotalBytes, 2);
    }

    /// <summary>GB/s, bytes read and bytes written both counted; the median of the copies that fit into <paramref name="duration"/>, three at least.</summary>
    public double Measure(TimeSpan duration)
    {
        List<double> seconds = [];
        Stopwatch total = Stopwatch.StartNew();
        do
        {
            long start = Stopwatch.GetTimestamp();
            _team.Run(_team.ThreadCount, new CopyJob(_source, _target, _part));
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (total.Elapsed < duration || seconds.Count < 3);
        return 2e-9 * _part * _team.ThreadCount / Spread.Of(seconds).Median;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_source);
        NativeMemory.AlignedFree(_target);
    }

    private readonly struct CopyJob(byte* source, byte* target, nint part) : ITeamJob
    {
        private readonly byte* _source = source;
        private readonly byte* _target = target;
        private readonly nint _part = part;

        public void Execute(int task, int worker)
        {
            nint start = task * _part;
            new ReadOnlySpan<byte>(_source + start, (int)_part).CopyTo(new Span<byte>(_target + start, (int)_part));
        }
    }
}
