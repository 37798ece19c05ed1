using System.Runtime.Intrinsics;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Tests.Simd;

public sealed class VectorWidthTests
{
    /// <summary>Set by <see cref="OtherWidthsTests"/>: the width that a child process must find itself at.</summary>
    public const string ExpectedVariable = "EXPECTED_SIMD";

    [Fact]
    public void Bits_ThisProcess_IsTheForcedWidthOrTheWidestOfTheHardware()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedVariable) ?? Environment.GetEnvironmentVariable(VectorWidth.Variable);
        int hardware = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        Assert.Equal(string.IsNullOrEmpty(expected) ? hardware : int.Parse(expected), VectorWidth.Bits);
    }
}
