using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Regularization;

/// <summary>Inverted dropout: survivors are scaled by 1 / keep, the others are zero (Srivastava et al. 2014; Krizhevsky et al. 2012, §4.2).</summary>
/// <remarks>
/// The mask is a function of seed, layer, step and element, computed again in the backward pass instead of kept. An element has 16 random
/// bits and survives when they are below keep · 2^16, so that keep is rounded to a multiple of 2^−16; one Philox block serves eight elements.
/// Elements come in groups of 128, which take 16 blocks, in an order that is the same at every vector width and that none has to shuffle for:
/// of group g, element 32·p + l has half p mod 2 (0 the lower) of word 2·(p / 2) + l mod 2 of block 16·g + l / 2.
/// </remarks>
public static unsafe class Dropout
{
    private const int GroupLength = 128;
    private const int PlaneLength = 32;
    private const int BlocksPerGroup = 16;
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
        float* whole = stackalloc float[GroupLength];
        TVec* schedule = stackalloc TVec[Philox.ScheduleLength];
        Philox.Schedule<TSimd, TVec>(mask.Seed, schedule);
        MaskConstants constants = new(StreamNumber.OfDropout(mask.Step, mask.Stream), Threshold(mask.Keep), 1 / mask.Keep);
        // From here on both count from element 0.
        x -= start;
        y -= start;
        for (int group = start / GroupLength; group <= (end - 1) / GroupLength; group++)
        {
            int first = group * GroupLength, from = Math.Max(first, start), count = Math.Min(end - first, GroupLength) - (from - first);
            if (count == GroupLength)
            {
                ApplyGroup<TSimd, TVec>(schedule, constants, group, x + first, y + first);
                continue;
            }
            // At most two groups of a range are not whole.
            new ReadOnlySpan<float>(x + from, count).CopyTo(new Span<float>(whole + (from - first), count));
            ApplyGroup<TSimd, TVec>(schedule, constants, group, whole, whole);
            new ReadOnlySpan<float>(whole + (from - first), count).CopyTo(new Span<float>(y + from, count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ApplyGroup<TSimd, TVec>(TVec* schedule, in MaskConstants constants, int group, float* x, float* y)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int lane = 0; lane < PlaneLength; lane += 2 * TSimd.Width)
        {
            TVec counters = TSimd.AddPairs(TSimd.BroadcastPairs((ulong)((group * BlocksPerGroup) + (lane / 2))), TSimd.PairNumbers);
            Philox.Blocks<TSimd, TVec>(schedule, counters, constants.CounterHigh, out TVec words01, out TVec words23, out TVec next01, out TVec next23);
            ApplyPlanes<TSimd, TVec>(words01, constants, x + lane, y + lane);
            ApplyPlanes<TSimd, TVec>(next01, constants, x + lane + TSimd.Width, y + lane + TSimd.Width);
            ApplyPlanes<TSimd, TVec>(words23, constants, x + lane + (2 * PlaneLength), y + lane + (2 * PlaneLength));
            ApplyPlanes<TSimd, TVec>(next23, constants, x + lane + TSimd.Width + (2 * PlaneLength), y + lane + TSimd.Width + (2 * PlaneLength));
        }
    }

    // The lower halves of the words decide over a vector, the upper halves over that of the next plane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ApplyPlanes<TSimd, TVec>(TVec words, in MaskConstants constants, float* x, float* y)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec threshold = TSimd.BroadcastBits(constants.Threshold), scale = TSimd.Broadcast(constants.Scale);
        TVec lower = TSimd.LessThanIntegers(TSimd.And(words, TSimd.BroadcastBits(0xFFFF)), threshold);
        TVec upper = TSimd.LessThanIntegers(TSimd.ShiftRight(words, BitsPerElement), threshold);
        TSimd.Store(TSimd.And(lower, TSimd.Multiply(TSimd.Load(x), scale)), y);
        TSimd.Store(TSimd.And(upper, TSimd.Multiply(TSimd.Load(x + PlaneLength), scale)), y + PlaneLength);
    }

    // Something survives even the smallest probability.
    private static uint Threshold(float keep) => (uint)Math.Max(Math.Round((double)keep * (1 << BitsPerElement)), 1);

    private readonly record struct MaskConstants(ulong CounterHigh, uint Threshold, float Scale);

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
