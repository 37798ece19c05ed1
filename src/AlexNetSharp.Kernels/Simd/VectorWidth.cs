using System.Runtime.Intrinsics;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>Chooses, once a process, how wide the kernels' vectors are.</summary>
/// <remarks>
/// The widest that the hardware accelerates. The environment variable <c>ALEXNET_SIMD</c> (128, 256 or 512) forces another,
/// for tests and measurements; a width that the hardware lacks still computes, slowly.
/// </remarks>
public static class VectorWidth
{
    /// <summary>The name of the environment variable that forces a width.</summary>
    public const string Variable = "ALEXNET_SIMD";

    /// <summary>The width in use: 128, 256 or 512 bits.</summary>
    /// <exception cref="InvalidOperationException"><c>ALEXNET_SIMD</c> holds anything but 128, 256 or 512.</exception>
    public static int Bits => Chosen != 0 ? Chosen : throw new InvalidOperationException(
        $"{Variable} is '{Environment.GetEnvironmentVariable(Variable)}'; expected 128, 256 or 512, or leave it unset for the widest that the hardware has.");

    // 0 for a value that is none: thrown from here, the error would reach the caller as a TypeInitializationException that does not name it.
    private static readonly int Chosen = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        "128" => 128,
        "256" => 256,
        "512" => 512,
        _ => 0,
    };
}
