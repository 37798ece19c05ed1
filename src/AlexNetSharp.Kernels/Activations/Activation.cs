using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Activations;

/// <summary>Element-wise activations, forward and backward.</summary>
public static unsafe class Activation
{
    /// <summary>output = f(input).</summary>
    /// <param name="kind">f.</param>
    /// <param name="input">Any shape.</param>
    /// <param name="output">The same length; may be <paramref name="input"/> itself.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, or the spans overlap with an offset.</exception>
    public static void Forward(ActivationKind kind, ReadOnlySpan<float> input, Span<float> output, ThreadTeam team)
    {
        Check.Length((ReadOnlySpan<float>)output, input.Length, nameof(output));
        Check.SameOrApart(input, output, nameof(output));
        fixed (float* x = input, y = output)
            VectorJob.Run(team, VectorJob.ElementTasks(input.Length), new ForwardJob(kind, x, y, input.Length));
    }

    /// <summary>dInput = dOutput · f'(x), from the function's own output.</summary>
    /// <param name="kind">f.</param>
    /// <param name="output">What <see cref="Forward"/> gave.</param>
    /// <param name="dOutput">∂L/∂output, the same length.</param>
    /// <param name="dInput">∂L/∂input, the same length; may be <paramref name="dOutput"/> itself.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, or the spans overlap with an offset.</exception>
    public static void Backward(ActivationKind kind, ReadOnlySpan<float> output, ReadOnlySpan<float> dOutput, Span<float> dInput, ThreadTeam team)
    {
        Check.Length(dOutput, output.Length, nameof(dOutput));
        Check.Length((ReadOnlySpan<float>)dInput, output.Length, nameof(dInput));
        Check.SameOrApart(dOutput, dInput, nameof(dInput));
        fixed (float* y = output, dy = dOutput, dx = dInput)
            VectorJob.Run(team, VectorJob.ElementTasks(output.Length), new BackwardJob(kind, y, dy, dx, output.Length));
    }

    private readonly struct ForwardJob(ActivationKind kind, float* x, float* y, int length) : IVectorJob
    {
        private readonly ActivationKind _kind = kind;
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
                TVec x = PartialVector.Load<TSimd, TVec>(_x + i, end - i);
                PartialVector.Store<TSimd, TVec>(ActivationFunctions.Apply<TSimd, TVec>(_kind, x), _y + i, end - i);
            }
        }
    }

    private readonly struct BackwardJob(ActivationKind kind, float* y, float* dy, float* dx, int length) : IVectorJob
    {
        private readonly ActivationKind _kind = kind;
        private readonly float* _y = y;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly int _length = length;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int end = Math.Min(_length, (task + 1) * VectorJob.ElementsPerTask);
            for (int i = task * VectorJob.ElementsPerTask; i < end; i += TSimd.Width)
            {
                TVec y = PartialVector.Load<TSimd, TVec>(_y + i, end - i);
                TVec dy = PartialVector.Load<TSimd, TVec>(_dy + i, end - i);
                PartialVector.Store<TSimd, TVec>(ActivationFunctions.Derivative<TSimd, TVec>(_kind, y, dy), _dx + i, end - i);
            }
        }
    }
}
