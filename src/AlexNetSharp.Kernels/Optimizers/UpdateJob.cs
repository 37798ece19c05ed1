using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>One update of a whole buffer.</summary>
internal readonly unsafe struct UpdateJob<TRule>(TRule rule, float* weights, float* first, float* second, float* gradient, int length) : IVectorJob
    where TRule : unmanaged, IUpdateRule
{
    private readonly TRule _rule = rule;
    private readonly float* _weights = weights;
    private readonly float* _first = first;
    private readonly float* _second = second;
    private readonly float* _gradient = gradient;
    private readonly int _length = length;

    public void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int end = Math.Min(_length, (task + 1) * VectorJob.ElementsPerTask), i = task * VectorJob.ElementsPerTask;
        for (; i + TSimd.Width <= end; i += TSimd.Width)
            _rule.Move<TSimd, TVec>(_weights + i, _first + i, _second + i, TSimd.Load(_gradient + i));
        if (i < end)
            MoveRest<TSimd, TVec>(i, end - i);
    }

    // A whole vector on copies, so that an element's bits do not depend on its place.
    private void MoveRest<TSimd, TVec>(int start, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* weights = stackalloc float[3 * TSimd.Width], first = weights + TSimd.Width, second = first + TSimd.Width;
        TSimd.Store(PartialVector.Load<TSimd, TVec>(_weights + start, count), weights);
        TSimd.Store(PartialVector.Load<TSimd, TVec>(_first + start, count), first);
        if (_second != null)
            TSimd.Store(PartialVector.Load<TSimd, TVec>(_second + start, count), second);
        _rule.Move<TSimd, TVec>(weights, first, second, PartialVector.Load<TSimd, TVec>(_gradient + start, count));
        PartialVector.Store<TSimd, TVec>(TSimd.Load(weights), _weights + start, count);
        PartialVector.Store<TSimd, TVec>(TSimd.Load(first), _first + start, count);
        if (_second != null)
            PartialVector.Store<TSimd, TVec>(TSimd.Load(second), _second + start, count);
    }
}
