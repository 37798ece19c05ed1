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

    /// <summary>0, 1, 2, … as 32-bit integers.</summary>
    static abstract TVec LaneNumbers { get; }

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

    /// <summary>All bits set in the lanes where a &lt; b as unsigned integers.</summary>
    static abstract TVec LessThanUnsigned(TVec a, TVec b);

    /// <summary>Lanes of <paramref name="whenTrue"/> where <paramref name="mask"/> is set, else of <paramref name="whenFalse"/>.</summary>
    static abstract TVec Select(TVec mask, TVec whenTrue, TVec whenFalse);

    /// <summary>Bitwise and.</summary>
    static abstract TVec And(TVec a, TVec b);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract TVec Xor(TVec a, TVec b);

    /// <summary>Lane-wise sum of 32-bit integers, modulo 2^32.</summary>
    static abstract TVec AddIntegers(TVec a, TVec b);

    /// <summary>The low 32 bits of the lane-wise product of unsigned integers.</summary>
    static abstract TVec MultiplyLow(TVec a, TVec b);

    /// <summary>The high 32 bits of the lane-wise product of unsigned integers.</summary>
    static abstract TVec MultiplyHigh(TVec a, TVec b);
}
