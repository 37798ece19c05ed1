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
                uint[][] blocks = VectorBlocks(seed, counter0, counter1, high);
                for (int i = 0; i < blocks.Length; i++)
                {
                    // Words 0 and 1 are one number of 64 bits, which counts from block to block.
                    ulong low = unchecked(Pair(counter0, counter1) + (ulong)i);
                    uint[] expected = ReferencePhilox.Generate((uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32), (uint)seed, (uint)(seed >> 32));
                    (uint word0, uint word1, uint word2, uint word3) = Philox.Block(seed, low, high);
                    Assert.Equal(expected, new[] { word0, word1, word2, word3 });
                    Assert.Equal(expected, blocks[i]);
                }
            },
            iter: 2000,
            threads: 1);

    private static ulong Pair(uint low, uint high) => ((ulong)high << 32) | low;

    private static uint[] Words(GoldenCase golden, string key) => Array.ConvertAll(golden.Array(key), word => (uint)word);

    // The blocks of as many counters as two vectors have pairs of lanes, at the width of this process.
    private uint[][] VectorBlocks(ulong seed, uint counter0, uint counter1, ulong high)
    {
        int width = VectorWidth.Bits / 32;
        uint[] words = new uint[4 * width];
        fixed (uint* target = words)
            VectorJob.Run(_team, 1, new BlocksJob(seed, Pair(counter0, counter1), high, (float*)target));
        // Words 0 and 1 of all blocks, then words 2 and 3.
        return [.. Enumerable.Range(0, width).Select(i => new[] { words[2 * i], words[(2 * i) + 1], words[(2 * width) + (2 * i)], words[(2 * width) + (2 * i) + 1] })];
    }

    private readonly struct BlocksJob(ulong seed, ulong counter, ulong high, float* target) : IVectorJob
    {
        private readonly ulong _seed = seed;
        private readonly ulong _counter = counter;
        private readonly ulong _high = high;
        private readonly float* _target = target;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            TVec* schedule = stackalloc TVec[Philox.ScheduleLength];
            Philox.Schedule<TSimd, TVec>(_seed, schedule);
            TVec counters = TSimd.AddPairs(TSimd.BroadcastPairs(_counter), TSimd.PairNumbers);
            Philox.Blocks<TSimd, TVec>(schedule, counters, _high, out TVec words01, out TVec words23, out TVec next01, out TVec next23);
            TSimd.Store(words01, _target);
            TSimd.Store(next01, _target + TSimd.Width);
            TSimd.Store(words23, _target + (2 * TSimd.Width));
            TSimd.Store(next23, _target + (3 * TSimd.Width));
        }
    }
}
