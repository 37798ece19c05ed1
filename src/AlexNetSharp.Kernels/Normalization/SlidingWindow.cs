using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Normalization;

/// <summary>Sums of the 2 · radius + 1 values around each one of a row that comes in vector by vector; before and after it there are zeros.</summary>
/// <remarks>
/// Each value is added to the one before it, the pairs to those two before, and so on: radius 4 takes four additions instead of eight, on
/// neighbours shifted within registers, where loads from a row just written would wait for its stores. The tree is the same for every element,
/// wherever in a vector it stands. A window lives in registers while it is a local that is handed nothing but locals.
/// </remarks>
internal struct SlidingWindow<TSimd, TVec, TRadius>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
    where TRadius : struct, IWindowRadius
{
    // Of the vector that came last: the values, and the sums of the 2, 4 and 8 values that end at each.
    private TVec _values;
    private TVec _pairs;
    private TVec _fours;
    private TVec _eights;

    /// <summary>Takes the next vector of the row, and gives the window sums of the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVec Push(TVec values)
    {
        TVec pairs = TSimd.Add(values, TSimd.Align(_values, values, TSimd.Width - 1));
        TVec fours = TSimd.Add(pairs, TSimd.Align(_pairs, pairs, TSimd.Width - 2));
        TVec sum;
        if (TRadius.Value == 2)
        {
            sum = TSimd.Add(TSimd.Align(_fours, fours, 1), TSimd.Align(_values, values, 2));
        }
        else
        {
            TVec eights = TSimd.Add(fours, TSimd.Align(_fours, fours, TSimd.Width - 4));
            sum = TSimd.Add(TSimd.Align(_eights, eights, 3), TSimd.Align(_values, values, 4));
            _eights = eights;
        }
        (_values, _pairs, _fours) = (values, pairs, fours);
        return sum;
    }
}
