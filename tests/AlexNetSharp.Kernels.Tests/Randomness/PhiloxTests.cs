using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Randomness;

public sealed unsafe class PhiloxTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("philox");

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void BlockAndVectorBlocks_GoldenCase_GiveTheKnownAnswer(string name)
    {
        GoldenCase golden = Golden.Case("philox", name);
        uint[] counter = Words(golden, "counter"), key = Words(golden, "key"), expected = Words(golden, "output");
        ulong seed = Pair(key[0], key[1]), low = Pair(counter[0], counter[1]), high = Pair(counter[2], counter[3]);
        (uint word0, uint word1, uint word2, uint word3) = Philox.Block(seed, low, high);
        Assert.Equal(expected, new[] { word0, word1, word2, word3 });
        Assert.Equal(expected, VectorBlocks(seed, counter[0], counter[1], high)[0]);
    }

    [Fact]
    public void BlockAndVectorBlocks_RandomCounters_AgreeWithTheTwin() =>
        Gen.Select(Gen.ULong, Gen.UInt, Gen.UInt, Gen.ULong).Sample(
            (seed, counter0, counter1, high) =>
            {
                uint[][] lanes = VectorBlocks(seed, counter0, counter1, high);
                for (int lane = 0; lane < lanes.Length; lane++)
                {
                    // Word 0 counts within its 32 bits, from lane to lane.
                    uint first = unchecked(counter0 + (uint)lane);
                    uint[] expected = ReferencePhilox.Generate(first, counter1, (uint)high, (uint)(high >> 32), (uint)seed, (uint)(seed >> 32));
                    (uint word0, uint word1, uint word2, uint word3) = Philox.Block(seed, Pair(first, counter1), high);
                    Assert.Equal(expected, new[] { word0, word1, word2, word3 });
                    Assert.Equal(expected, lanes[lane]);
                }
            },
            iter: 2000,
            threads: 1);

    private static ulong Pair(uint low, uint high) => ((ulong)high << 32) | low;

    private static uint[] Words(GoldenCase golden, string key) => Array.ConvertAll(golden.Array(key), word => (uint)word);

    // The four words of every lane, at the width of this process.
    private uint[][] VectorBlocks(ulong seed, uint counter0, uint counter1, ulong high)
    {
        int width = VectorWidth.Bits / 32;
        uint[] words = new uint[4 * width];
        fixed (uint* target = words)
            VectorJob.Run(_team, 1, new BlocksJob(seed, counter0, counter1, high, (float*)target));
        return [.. Enumerable.Range(0, width).Select(lane => Enumerable.Range(0, 4).Select(word => words[(word * width) + lane]).ToArray())];
    }

    private readonly struct BlocksJob(ulong seed, uint counter0, uint counter1, ulong high, float* target) : IVectorJob
    {
        private readonly ulong _seed = seed;
        private readonly uint _counter0 = counter0;
        private readonly uint _counter1 = counter1;
        private readonly ulong _high = high;
        private readonly float* _target = target;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            TVec counters = TSimd.AddIntegers(TSimd.BroadcastBits(_counter0), TSimd.LaneNumbers);
            Philox.Blocks<TSimd, TVec>(_seed, counters, _counter1, _high, out TVec word0, out TVec word1, out TVec word2, out TVec word3);
            TSimd.Store(word0, _target);
            TSimd.Store(word1, _target + TSimd.Width);
            TSimd.Store(word2, _target + (2 * TSimd.Width));
            TSimd.Store(word3, _target + (3 * TSimd.Width));
        }
    }
}
