using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Activations;

/// <summary>The loops over all elements for an <see cref="IElementFunction"/>.</summary>
internal static unsafe class ElementFunctions
{
    public static void Forward<TFunction>(TFunction function, ReadOnlySpan<float> input, Span<float> output, ThreadTeam team)
        where TFunction : unmanaged, IElementFunction
    {
        Check.Length((ReadOnlySpan<float>)output, input.Length, nameof(output));
        Check.SameOrApart(input, output, nameof(output));
        fixed (float* x = input, y = output)
            VectorJob.Run(team, VectorJob.ElementTasks(input.Length), new ForwardJob<TFunction>(function, x, y, input.Length));
    }

    public static void Backward<TFunction>(TFunction function, ReadOnlySpan<float> values, ReadOnlySpan<float> dOutput, Span<float> dInput, ThreadTeam team)
        where TFunction : unmanaged, IElementFunction
    {
        Check.Length(dOutput, values.Length, nameof(dOutput));
        Check.Length((ReadOnlySpan<float>)dInput, values.Length, nameof(dInput));
        Check.SameOrApart(dOutput, dInput, nameof(dInput));
        fixed (float* v = values, dy = dOutput, dx = dInput)
            VectorJob.Run(team, VectorJob.ElementTasks(values.Length), new BackwardJob<TFunction>(function, v, dy, dx, values.Length));
    }

    private readonly struct ForwardJob<TFunction>(TFunction function, float* x, float* y, int length) : IVectorJob
        where TFunction : unmanaged, IElementFunction
    {
        private readonly TFunction _function = function;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly int _length = length;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int end = Math.Min(_length, (task + 1) * VectorJob.ElementsPerTask);
            for (int i = task * VectorJob.ElementsPerTask; i < end; i += TSimd.Width)
                PartialVector.Store<TSimd, TVec>(_function.Apply<TSimd, TVec>(PartialVector.Load<TSimd, TVec>(_x + i, end - i)), _y + i, end - i);
        }
    }

    private readonly struct BackwardJob<TFunction>(TFunction function, float* values, float* dy, float* dx, int length) : IVectorJob
        where TFunction : unmanaged, IElementFunction
    {
        private readonly TFunction _function = function;
        private readonly float* _values = values;
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
                TVec value = PartialVector.Load<TSimd, TVec>(_values + i, end - i), dy = PartialVector.Load<TSimd, TVec>(_dy + i, end - i);
                PartialVector.Store<TSimd, TVec>(_function.Derivative<TSimd, TVec>(value, dy), _dx + i, end - i);
            }
        }
    }
}
