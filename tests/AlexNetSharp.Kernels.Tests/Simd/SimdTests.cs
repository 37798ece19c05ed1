using System.Runtime.Intrinsics;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Tests.Simd;

/// <summary>What each width computes with its own instructions; a width that the hardware lacks is computed in parts, and tested all the same.</summary>
public sealed unsafe class SimdTests
{
    [Fact]
    public void Align_EveryStart_GivesTheLanesFromThereOn()
    {
        Align<Simd128, Vector128<float>>();
        Align<Simd256, Vector256<float>>();
        Align<Simd512, Vector512<float>>();

        static void Align<TSimd, TVec>()
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            float* lanes = stackalloc float[2 * TSimd.Width], actual = stackalloc float[TSimd.Width];
            for (int i = 0; i < 2 * TSimd.Width; i++)
                lanes[i] = i;
            for (int start = 0; start <= TSimd.Width; start++)
            {
                TSimd.Store(TSimd.Align(TSimd.Load(lanes), TSimd.Load(lanes + TSimd.Width), start), actual);
                for (int lane = 0; lane < TSimd.Width; lane++)
                    Assert.Equal(start + lane, actual[lane]);
            }
        }
    }

    [Fact]
    public void PairOperations_EveryWidth_GiveWhatIntegersOf64BitsGive()
    {
        Pairs<Simd128, Vector128<float>>();
        Pairs<Simd256, Vector256<float>>();
        Pairs<Simd512, Vector512<float>>();

        static void Pairs<TSimd, TVec>()
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            const ulong A = 0xFEDC_BA98_FFFF_FFF1, B = 0x0123_4567_FFFF_FFFE;
            TVec a = TSimd.AddPairs(TSimd.BroadcastPairs(A), TSimd.PairNumbers), b = TSimd.BroadcastPairs(B);
            ulong* product = stackalloc ulong[TSimd.Width / 2], moved = stackalloc ulong[TSimd.Width / 2], joined = stackalloc ulong[TSimd.Width / 2];
            TSimd.Store(TSimd.MultiplyEven(a, b), (float*)product);
            TSimd.Store(TSimd.OddToEven(a), (float*)moved);
            TSimd.Store(TSimd.JoinEven(a, b), (float*)joined);
            for (uint i = 0; i < TSimd.Width / 2; i++)
            {
                ulong counted = A + i;
                Assert.Equal((counted & uint.MaxValue) * (B & uint.MaxValue), product[i]);
                Assert.Equal(counted >> 32, moved[i]);
                Assert.Equal((counted & uint.MaxValue) | (B << 32), joined[i]);
            }
        }
    }
}
