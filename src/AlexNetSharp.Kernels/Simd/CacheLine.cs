using System.Runtime.InteropServices;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>16 floats moved at once, with whatever moves the hardware has.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal readonly struct CacheLine;
