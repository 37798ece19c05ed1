using System.Diagnostics;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Diagnostics;

/// <summary>Measures what the processor can do at best, to hold a network's speed against.</summary>
public static unsafe class FusedMultiplyAddPeak
{
    // The operands of one register tile, small enough to stay in L1.
    private const int Depth = 128;
    private const int TilesPerTask = 2000;

    /// <summary>GFLOP/s of the register tile on operands in L1, all threads of the team at once (a multiply-add counts as two).</summary>
    /// <param name="team">The threads.</param>
    /// <param name="duration">How long to measure; the median of its rounds is taken.</param>
    public static double Measure(ThreadTeam team, TimeSpan duration)
    {
        int operands = (BlockSizes.TileRows * RegisterTile.RowStride) + (Depth * 32) + (BlockSizes.TileRows * 32);
        float[] scratch = GC.AllocateArray<float>(operands * team.ThreadCount, pinned: true);
        List<double> rounds = [];
        fixed (float* memory = scratch)
        {
            long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            do
            {
                long start = Stopwatch.GetTimestamp();
                VectorJob.Run(team, team.ThreadCount, new TileJob(memory, operands));
                rounds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            while (Stopwatch.GetTimestamp() < end || rounds.Count < 3);
        }
        rounds.Sort();
        double operations = 2.0 * BlockSizes.TileRows * (VectorWidth.Bits / 16) * Depth * TilesPerTask * team.ThreadCount;
        return operations / rounds[rounds.Count / 2] * 1e-9;
    }

    private readonly struct TileJob(float* memory, int stride) : IVectorJob
    {
        private readonly float* _memory = memory;
        private readonly int _stride = stride;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            float* a = _memory + ((nint)task * _stride);
            float* b = a + (BlockSizes.TileRows * RegisterTile.RowStride);
            float* c = b + (Depth * 32);
            for (int i = 0; i < TilesPerTask; i++)
                RegisterTile<TSimd, TVec>.Multiply<RowOrder>(Depth, a, b, c, accumulate: false);
        }
    }
}
