using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>The Euclidean length of a gradient, and its bound (Pascanu et al. 2013, "On the difficulty of training recurrent neural networks").</summary>
/// <remarks>
/// Squares are summed in blocks of a fixed size, 32 to a float lane, and blocks in double and in order, so that the result depends neither on
/// the threads nor on the width of vectors.
/// </remarks>
public static unsafe class GradientNorm
{
    private const int Lanes = 16;
    private const int RowsPerBlock = 32;
    private const int Block = Lanes * RowsPerBlock;
    private const int MaximalTasks = 256;

    /// <summary>√Σ g².</summary>
    /// <param name="gradient">g; may be empty.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <returns>Infinite or no number where an element is, or where a square exceeds float's range.</returns>
    public static double Compute(ReadOnlySpan<float> gradient, ThreadTeam team)
    {
        // Cut by the length alone, into no more parts than there is room for on the stack.
        int perTask = Math.Max(VectorJob.ElementsPerTask, (((gradient.Length - 1) / MaximalTasks / Block) + 1) * Block);
        int tasks = (int)(((long)gradient.Length + perTask - 1) / perTask);
        double* sums = stackalloc double[MaximalTasks];
        fixed (float* g = gradient)
            VectorJob.Run(team, tasks, new SquaresJob(g, gradient.Length, perTask, sums));
        double sum = 0;
        for (int task = 0; task < tasks; task++)
            sum += sums[task];
        return Math.Sqrt(sum);
    }

    /// <summary>Scales a gradient that is longer than <paramref name="maximum"/> down to it, as PyTorch's <c>clip_grad_norm_</c> does.</summary>
    /// <param name="gradient">g, in place: times maximum / (norm + 1e-6) where that is below 1. Left as it is where its norm is not finite.</param>
    /// <param name="maximum">The largest norm, above 0.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <returns>The norm before.</returns>
    /// <exception cref="ArgumentException"><paramref name="maximum"/> is not above 0.</exception>
    public static double Clip(Span<float> gradient, float maximum, ThreadTeam team)
    {
        if (!(maximum > 0))
            throw new ArgumentException($"The largest gradient norm is {maximum}; it must be above 0.", nameof(maximum));
        double norm = Compute(gradient, team), factor = maximum / (norm + 1e-6);
        if (factor < 1 && double.IsFinite(norm))
            Elementwise.Scale(gradient, (float)factor, team);
        return norm;
    }

    private readonly struct SquaresJob(float* gradient, int length, int perTask, double* sums) : IVectorJob
    {
        private readonly float* _gradient = gradient;
        private readonly int _length = length;
        private readonly int _perTask = perTask;
        private readonly double* _sums = sums;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            float* lanes = stackalloc float[Lanes];
            int start = task * _perTask, end = (int)Math.Min(_length, (long)start + _perTask);
            double sum = 0;
            for (int block = start; block < end; block += Block)
            {
                int stop = Math.Min(end, block + Block);
                for (int lane = 0; lane < Lanes; lane += TSimd.Width)
                {
                    TVec squares = TSimd.Zero;
                    for (int i = block + lane; i < stop; i += Lanes)
                    {
                        TVec g = PartialVector.Load<TSimd, TVec>(_gradient + i, stop - i);
                        squares = TSimd.MultiplyAdd(g, g, squares);
                    }
                    TSimd.Store(squares, lanes + lane);
                }
                for (int lane = 0; lane < Lanes; lane++)
                    sum += lanes[lane];
            }
            _sums[task] = sum;
        }
    }
}
