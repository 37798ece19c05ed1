using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Regularization;

/// <summary>Inverted dropout: survivors are scaled by 1 / keep, the others are zero (Srivastava et al. 2014; Krizhevsky et al. 2012, §4.2).</summary>
/// <remarks>
/// The mask is a function of seed, layer, step and element, computed again in the backward pass instead of kept: element i survives when
/// word (i mod 64) / 16 of Philox block 16 · (i / 64) + i mod 16 is below keep · 2^32. Groups of 64 make that the same at every vector width.
/// </remarks>
public static unsafe class Dropout
{
    private const int GroupLength = 64;
    private const int BlocksPerGroup = 16;

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
        int inGroup = index % GroupLength;
        uint block = (uint)((index / GroupLength * BlocksPerGroup) + (inGroup % BlocksPerGroup));
        var words = Philox.Block(mask.Seed, block, StreamNumber.OfDropout(mask.Step, mask.Stream));
        uint word = (inGroup / BlocksPerGroup) switch { 0 => words.Word0, 1 => words.Word1, 2 => words.Word2, _ => words.Word3 };
        return mask.Keep == 1 || word < Threshold(mask.Keep);
    }

    // Keep 1 is told apart: 2^32 does not fit.
    private static uint Threshold(float keep) => (uint)Math.Min((double)keep * 4294967296.0, uint.MaxValue);

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
            int end = Math.Min(_length, (task + 1) * VectorJob.ElementsPerTask);
            TVec threshold = TSimd.BroadcastBits(Threshold(_mask.Keep)), scale = TSimd.Broadcast(1 / _mask.Keep);
            if (_mask.Keep == 1)
            {
                int start = task * VectorJob.ElementsPerTask;
                new ReadOnlySpan<float>(_x + start, end - start).CopyTo(new Span<float>(_y + start, end - start));
                return;
            }
            ulong high = StreamNumber.OfDropout(_mask.Step, _mask.Stream);
            // A task is a whole number of groups.
            for (int group = task * VectorJob.ElementsPerTask; group < end; group += GroupLength)
            {
                uint firstBlock = (uint)(group / GroupLength * BlocksPerGroup);
                for (int lane = 0; lane < BlocksPerGroup; lane += TSimd.Width)
                {
                    TVec counter = TSimd.AddIntegers(TSimd.BroadcastBits(firstBlock + (uint)lane), TSimd.LaneNumbers);
                    Philox.Blocks<TSimd, TVec>(_mask.Seed, counter, 0, high, out TVec word0, out TVec word1, out TVec word2, out TVec word3);
                    int i = group + lane;
                    Write<TSimd, TVec>(word0, i, end, threshold, scale);
                    Write<TSimd, TVec>(word1, i + 16, end, threshold, scale);
                    Write<TSimd, TVec>(word2, i + 32, end, threshold, scale);
                    Write<TSimd, TVec>(word3, i + 48, end, threshold, scale);
                }
            }
        }

        private void Write<TSimd, TVec>(TVec word, int i, int end, TVec threshold, TVec scale)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            if (i >= end)
                return;
            TVec survives = TSimd.LessThanUnsigned(word, threshold);
            TVec x = PartialVector.Load<TSimd, TVec>(_x + i, end - i);
            PartialVector.Store<TSimd, TVec>(TSimd.And(survives, TSimd.Multiply(x, scale)), _y + i, end - i);
        }
    }
}
