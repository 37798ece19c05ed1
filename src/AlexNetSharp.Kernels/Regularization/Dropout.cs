using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Regularization;

/// <summary>Inverted dropout: survivors are scaled by 1 / keep, the others are zero (Srivastava et al. 2014; Krizhevsky et al. 2012, §4.2).</summary>
/// <remarks>
/// The mask is a function of seed, layer, step and element, computed again in the backward pass instead of kept. An element has 16 random
/// bits and survives when they are below keep · 2^16, so that keep is rounded to a multiple of 2^−16; one Philox block serves eight elements.
/// Elements come in groups of 64, which take eight blocks, in an order that is the same at every vector width and that none has to shuffle for:
/// of group g, element 16·p + l has half p mod 2 (0 the lower) of word 2·(p / 2) + l mod 2 of block 8·g + l / 2.
/// </remarks>
public static unsafe class Dropout
{
    private const int GroupLength = 64;
    private const int PlaneLength = 16;
    private const int BlocksPerGroup = 8;
    private const int BitsPerElement = 16;

    /// <summary>output[i] = survives(i) ? input[i] / keep : 0. Forward on activations and backward on gradients alike.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="output">The same length, overwritten; may be <paramref name="input"/> itself.</param>
    /// <param name="mask">Which mask.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, the spans overlap with an offset, or <paramref name="mask"/> is not valid.</exception>
    public static void Apply(ReadOnlySpan<float> input, Span<float> output, in DropoutMask mask, ThreadTeam team)
    {
        Check.Length((ReadOnlySpan<float>)output, input.Length, nameof(output));
        Check.SameOrApart(input, output, nameof(output));
        mask.Validate();
        fixed (float* x = input, y = output)
            VectorJob.Run(team, VectorJob.ElementTasks(input.Length), new Job(mask, x, y, input.Length));
    }

    /// <summary>Whether element <paramref name="index"/> survives under <paramref name="mask"/>.</summary>
    public static bool Survives(in DropoutMask mask, int index)
    {
        (int group, int inGroup) = Math.DivRem(index, GroupLength);
        (int plane, int lane) = Math.DivRem(inGroup, PlaneLength);
        var words = Philox.Block(mask.Seed, (ulong)((group * BlocksPerGroup) + (lane / 2)), StreamNumber.OfDropout(mask.Step, mask.Stream));
        uint word = ((2 * (plane / 2)) + (lane % 2)) switch { 0 => words.Word0, 1 => words.Word1, 2 => words.Word2, _ => words.Word3 };
        uint bits = plane % 2 == 0 ? word & 0xFFFF : word >> BitsPerElement;
        return mask.Keep == 1 || bits < Threshold(mask.Keep);
    }

    /// <summary>What <see cref="Apply"/> does, for some of the elements.</summary>
    /// <param name="mask">Which mask; valid.</param>
    /// <param name="x">Where element <paramref name="start"/> of the input lies.</param>
    /// <param name="y">Where element <paramref name="start"/> of the output is to lie; may be <paramref name="x"/>.</param>
    /// <param name="start">The first element.</param>
    /// <param name="end">The element after the last.</param>
    internal static void ApplyRange<TSimd, TVec>(in DropoutMask mask, float* x, float* y, int start, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (mask.Keep == 1)
        {
            if (x != y)
                new ReadOnlySpan<float>(x, end - start).CopyTo(new Span<float>(y, end - start));
            return;
        }
        TVec* schedule = stackalloc TVec[Philox.ScheduleLength];
        Philox.Schedule<TSimd, TVec>(mask.Seed, schedule);
        ulong high = StreamNumber.OfDropout(mask.Step, mask.Stream);
        TVec threshold = TSimd.BroadcastBits(Threshold(mask.Keep)), scale = TSimd.Broadcast(1 / mask.Keep);
        TVec lower = TSimd.BroadcastBits(0xFFFF);
        // From here on both count from element 0.
        x -= start;
        y -= start;
        for (int group = start / GroupLength; group <= (end - 1) / GroupLength; group++)
        {
            int first = group * GroupLength;
            bool isWhole = first >= start && end - first >= GroupLength;
            for (int lane = 0; lane < PlaneLength; lane += TSimd.Width)
            {
                TVec counters = TSimd.AddPairs(TSimd.BroadcastPairs((ulong)((group * BlocksPerGroup) + (lane / 2))), TSimd.PairNumbers);
                Philox.Blocks<TSimd, TVec>(schedule, counters, high, out TVec words01, out TVec words23);
                TVec survives0 = TSimd.LessThanIntegers(TSimd.And(words01, lower), threshold);
                TVec survives1 = TSimd.LessThanIntegers(TSimd.ShiftRight(words01, BitsPerElement), threshold);
                TVec survives2 = TSimd.LessThanIntegers(TSimd.And(words23, lower), threshold);
                TVec survives3 = TSimd.LessThanIntegers(TSimd.ShiftRight(words23, BitsPerElement), threshold);
                int i = first + lane;
                if (isWhole)
                {
                    TSimd.Store(TSimd.Select(survives0, TSimd.Multiply(TSimd.Load(x + i), scale), TSimd.Zero), y + i);
                    TSimd.Store(TSimd.Select(survives1, TSimd.Multiply(TSimd.Load(x + i + 16), scale), TSimd.Zero), y + i + 16);
                    TSimd.Store(TSimd.Select(survives2, TSimd.Multiply(TSimd.Load(x + i + 32), scale), TSimd.Zero), y + i + 32);
                    TSimd.Store(TSimd.Select(survives3, TSimd.Multiply(TSimd.Load(x + i + 48), scale), TSimd.Zero), y + i + 48);
                }
                else
                {
                    ApplyPart<TSimd, TVec>(survives0, scale, x, y, i, start, end);
                    ApplyPart<TSimd, TVec>(survives1, scale, x, y, i + 16, start, end);
                    ApplyPart<TSimd, TVec>(survives2, scale, x, y, i + 32, start, end);
                    ApplyPart<TSimd, TVec>(survives3, scale, x, y, i + 48, start, end);
                }
            }
        }
    }

    // The lanes of a vector that lie between start and end, one by one: at most two groups of a range come here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ApplyPart<TSimd, TVec>(TVec survives, TVec scale, float* x, float* y, int i, int start, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* factors = stackalloc float[TSimd.Width];
        TSimd.Store(TSimd.And(survives, scale), factors);
        for (int lane = Math.Max(0, start - i); lane < Math.Min(TSimd.Width, end - i); lane++)
            y[i + lane] = factors[lane] == 0 ? 0 : x[i + lane] * factors[lane];
    }

    // Something survives even the smallest probability.
    private static uint Threshold(float keep) => (uint)Math.Max(Math.Round((double)keep * (1 << BitsPerElement)), 1);

    private readonly struct Job(DropoutMask mask, float* x, float* y, int length) : IVectorJob
    {
        private readonly DropoutMask _mask = mask;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly int _length = length;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int start = task * VectorJob.ElementsPerTask, end = Math.Min(_length, start + VectorJob.ElementsPerTask);
            ApplyRange<TSimd, TVec>(_mask, _x + start, _y + start, start, end);
        }
    }
}
