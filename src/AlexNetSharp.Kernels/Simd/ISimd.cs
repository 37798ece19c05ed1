namespace AlexNetSharp.Kernels.Simd;

/// <summary>The vector operations that kernel bodies are written in, so that each body stands once for every width.</summary>
/// <remarks>
/// A kernel is a generic method over (<c>TSimd</c>, <typeparamref name="TVec"/>); the JIT compiles it per width to the same instructions
/// as hand-written code. A vector also carries 32-bit integers (masks, indices, random words) in the same lanes.
/// Only this folder names <c>Vector128</c>, <c>Vector256</c> and <c>Vector512</c>.
/// </remarks>
/// <typeparam name="TVec">The hardware vector of floats.</typeparam>
internal unsafe interface ISimd<TVec>
    where TVec : unmanaged
{
    /// <summary>Number of float lanes.</summary>
    static abstract int Width { get; }

    /// <summary>All lanes zero.</summary>
    static abstract TVec Zero { get; }

    /// <summary><paramref name="value"/> in every lane.</summary>
    static abstract TVec Broadcast(float value);

    /// <summary>The bits of <paramref name="value"/> in every lane.</summary>
    static abstract TVec BroadcastBits(uint value);

    /// <summary>The bits of <paramref name="value"/> in every pair of lanes.</summary>
    static abstract TVec BroadcastPairs(ulong value);

    /// <summary>0, 1, 2, … as 64-bit integers, one for each pair of lanes.</summary>
    static abstract TVec PairNumbers { get; }

    /// <summary>Reads <see cref="Width"/> floats; no alignment needed.</summary>
    static abstract TVec Load(float* source);

    /// <summary>Writes <see cref="Width"/> floats; no alignment needed.</summary>
    static abstract void Store(TVec vector, float* destination);

    /// <summary>Reads <see cref="Width"/> bytes into 32-bit integer lanes.</summary>
    static abstract TVec LoadBytes(byte* source);

    /// <summary>Writes the low byte of each 32-bit integer lane (0 to 255): <see cref="Width"/> bytes.</summary>
    static abstract void StoreBytes(TVec integers, byte* destination);

    /// <summary>Lane-wise sum.</summary>
    static abstract TVec Add(TVec a, TVec b);

    /// <summary>Lane-wise difference.</summary>
    static abstract TVec Subtract(TVec a, TVec b);

    /// <summary>Lane-wise product.</summary>
    static abstract TVec Multiply(TVec a, TVec b);

    /// <summary>Lane-wise quotient.</summary>
    static abstract TVec Divide(TVec a, TVec b);

    /// <summary>a · b + c, fused where the hardware fuses.</summary>
    static abstract TVec MultiplyAdd(TVec a, TVec b, TVec c);

    /// <summary>Lane-wise maximum.</summary>
    static abstract TVec Max(TVec a, TVec b);

    /// <summary>Lane-wise absolute value.</summary>
    static abstract TVec Abs(TVec a);

    /// <summary>Lane-wise square root.</summary>
    static abstract TVec Sqrt(TVec a);

    /// <summary>Lane-wise e^a.</summary>
    static abstract TVec Exp(TVec a);

    /// <summary>Lane-wise natural logarithm.</summary>
    static abstract TVec Log(TVec a);

    /// <summary>All bits set in the lanes where a &gt; b.</summary>
    static abstract TVec GreaterThan(TVec a, TVec b);

    /// <summary>All bits set in the lanes where the integers are equal.</summary>
    static abstract TVec EqualBits(TVec a, TVec b);

    /// <summary>All bits set in the lanes where a &lt; b as signed integers.</summary>
    static abstract TVec LessThanIntegers(TVec a, TVec b);

    /// <summary>Lanes of <paramref name="whenTrue"/> where <paramref name="mask"/> is set, else of <paramref name="whenFalse"/>.</summary>
    static abstract TVec Select(TVec mask, TVec whenTrue, TVec whenFalse);

    /// <summary>Lanes <paramref name="start"/> and on of <paramref name="low"/>, followed by the first lanes of <paramref name="high"/>.</summary>
    /// <param name="low">The vector that comes first in memory.</param>
    /// <param name="high">The one that follows it.</param>
    /// <param name="start">0 to <see cref="Width"/>, a constant: it becomes a part of the instruction.</param>
    static abstract TVec Align(TVec low, TVec high, int start);

    /// <summary>Bitwise and.</summary>
    static abstract TVec And(TVec a, TVec b);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract TVec Xor(TVec a, TVec b);

    /// <summary>The 32-bit integers shifted right by <paramref name="count"/> bits; zeros come in.</summary>
    static abstract TVec ShiftRight(TVec a, int count);

    /// <summary>Sum of the 64-bit integers in each pair of lanes, modulo 2^64.</summary>
    static abstract TVec AddPairs(TVec a, TVec b);

    /// <summary>The 64-bit product of the even lanes as unsigned integers, in the pair of lanes that each begins.</summary>
    static abstract TVec MultiplyEven(TVec a, TVec b);

    /// <summary>The odd lanes moved into the even ones before them; the odd ones become zero.</summary>
    static abstract TVec OddToEven(TVec a);

    /// <summary>The even lanes of <paramref name="even"/> where they are, those of <paramref name="odd"/> in the odd lanes after them.</summary>
    static abstract TVec JoinEven(TVec even, TVec odd);
}
