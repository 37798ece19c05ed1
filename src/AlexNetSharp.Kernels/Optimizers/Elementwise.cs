using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>What is done to gradients and weights as a whole, element by element, between a backward pass and an update.</summary>
/// <remarks>An element's bits depend on no other element, so not on how a buffer is cut among threads.</remarks>
public static unsafe class Elementwise
{
    /// <summary>x = factor · x.</summary>
    /// <param name="values">x, in place.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="team">The threads to compute with.</param>
    public static void Scale(Span<float> values, float factor, ThreadTeam team) => Run(values, values, new ScaleRule(factor), team);

    /// <summary>x = x + y: gradients of several batches are added up so.</summary>
    /// <param name="sums">x, in place.</param>
    /// <param name="addends">y, the same length.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void Add(Span<float> sums, ReadOnlySpan<float> addends, ThreadTeam team) => Run(sums, addends, default(AddRule), team);

    /// <summary>x = x + share · (y − x): an exponential moving average of y.</summary>
    /// <param name="averages">x, in place.</param>
    /// <param name="values">y, the same length.</param>
    /// <param name="share">1 minus the average's decay.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void MoveTowards(Span<float> averages, ReadOnlySpan<float> values, float share, ThreadTeam team) =>
        Run(averages, values, new MoveRule(share), team);

    private static void Run<TRule>(Span<float> x, ReadOnlySpan<float> y, TRule rule, ThreadTeam team)
        where TRule : unmanaged, IElementRule
    {
        Check.Length(y, x.Length, nameof(y));
        fixed (float* first = x, second = y)
            VectorJob.Run(team, VectorJob.ElementTasks(x.Length), new ElementJob<TRule>(rule, first, second, x.Length));
    }

    private interface IElementRule
    {
        TVec Apply<TSimd, TVec>(TVec x, TVec y)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged;
    }

    private readonly struct ScaleRule(float factor) : IElementRule
    {
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVec Apply<TSimd, TVec>(TVec x, TVec y)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged => TSimd.Multiply(TSimd.Broadcast(_factor), x);
    }

    private readonly struct AddRule : IElementRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVec Apply<TSimd, TVec>(TVec x, TVec y)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged => TSimd.Add(x, y);
    }

    private readonly struct MoveRule(float share) : IElementRule
    {
        private readonly float _share = share;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVec Apply<TSimd, TVec>(TVec x, TVec y)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged => TSimd.MultiplyAdd(TSimd.Broadcast(_share), TSimd.Subtract(y, x), x);
    }

    private readonly struct ElementJob<TRule>(TRule rule, float* x, float* y, int length) : IVectorJob
        where TRule : unmanaged, IElementRule
    {
        private readonly TRule _rule = rule;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly int _length = length;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int end = Math.Min(_length, (task + 1) * VectorJob.ElementsPerTask);
            for (int i = task * VectorJob.ElementsPerTask; i < end; i += TSimd.Width)
            {
                int count = end - i;
                TVec x = PartialVector.Load<TSimd, TVec>(_x + i, count), y = PartialVector.Load<TSimd, TVec>(_y + i, count);
                PartialVector.Store<TSimd, TVec>(_rule.Apply<TSimd, TVec>(x, y), _x + i, count);
            }
        }
    }
}
