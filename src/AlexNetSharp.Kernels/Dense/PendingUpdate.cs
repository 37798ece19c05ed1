using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>A tile of weights whose gradient is known and not yet applied.</summary>
/// <param name="weights">The tile's first element.</param>
/// <param name="first">As <paramref name="weights"/>, in the first state.</param>
/// <param name="second">As <paramref name="weights"/>, in the second state; null where the rule has one.</param>
/// <param name="gradient">Rows x vectors x width floats; null where nothing is pending.</param>
/// <param name="secondVector">Floats from a row's first vector to its second.</param>
internal readonly unsafe struct PendingUpdate(float* weights, float* first, float* second, float* gradient, nint secondVector)
{
    // Rows from the ones that are moved to the ones that are asked for: half a microsecond at a batch of 64.
    private const int RowsAhead = 32;

    private readonly float* _weights = weights;
    private readonly float* _first = first;
    private readonly float* _second = second;
    private readonly float* _gradient = gradient;
    private readonly nint _secondVector = secondVector;

    /// <summary>Whether nothing is pending.</summary>
    public bool IsEmpty => _gradient == null;

    /// <summary>Moves one vector of the tile and asks for those that follow <see cref="RowsAhead"/> later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move<TSimd, TVec, TShape, TRule>(int vector, in TRule rule)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
        where TShape : struct, ITileShape
        where TRule : unmanaged, IUpdateRule
    {
        nint at = TShape.Vectors == 1 ? vector * PanelLayout.Columns : ((vector >> 1) * PanelLayout.Columns) + ((vector & 1) * _secondVector);
        nint ahead = at + (RowsAhead * PanelLayout.Columns);
        Prefetch.Line(_weights + ahead);
        Prefetch.Line(_first + ahead);
        if (_second != null)
            Prefetch.Line(_second + ahead);
        rule.Move<TSimd, TVec>(_weights + at, _first + at, _second + at, TSimd.Load(_gradient + (vector * TSimd.Width)));
    }
}
