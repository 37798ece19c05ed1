using AlexNetSharp.Images;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class PicturePrefetcherTests
{
    private const int MostAhead = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Next_SlowAndQuickPictures_ComeInOrderEachRound(int threads)
    {
        FakeImages images = new(700) { Reading = index => Thread.SpinWait(index % 3 * 500) };
        int[] order = [.. Enumerable.Range(0, images.Count).Reverse()];
        using PicturePrefetcher prefetcher = new(images, threads);
        for (int round = 0; round < 3; round++)
        {
            prefetcher.Begin(order);
            PrefetchedPicture[] read = [.. order.Select(_ => prefetcher.Next())];

            Assert.Equal(order, read.Select(picture => picture.Index));
            Assert.Equal(order, read.Select(picture => BitConverter.ToInt32(picture.Image.Pixels.Span)));
        }
    }

    [Fact]
    public void Begin_InTheMiddleOfAnOrder_ForgetsIt()
    {
        FakeImages images = new(1000) { Reading = _ => Thread.SpinWait(200) };
        int[] first = [.. Enumerable.Range(0, 1000)], second = [.. Enumerable.Range(500, 500)];
        using PicturePrefetcher prefetcher = new(images, threads: 3);
        for (int taken = 0; taken < 60; taken++)
        {
            prefetcher.Begin(first);
            for (int i = 0; i < taken; i++)
                Assert.Equal(i, prefetcher.Next().Index);
            prefetcher.Begin(second);

            Assert.Equal([500, 501, 502], [prefetcher.Next().Index, prefetcher.Next().Index, prefetcher.Next().Index]);
        }
    }

    [Fact]
    public void Begin_ManyPictures_ReadsNoFurtherAheadThanItMay()
    {
        FakeImages images = new(2000);
        using PicturePrefetcher prefetcher = new(images, threads: 4);
        prefetcher.Begin(Enumerable.Range(0, images.Count).ToArray());

        Assert.True(SpinWait.SpinUntil(() => images.Reads >= MostAhead, Patience));
        for (int taken = 1; taken <= 500; taken++)
        {
            prefetcher.Next();
            Assert.InRange(images.Reads, taken, taken + MostAhead);
        }
    }

    [Fact]
    public void Begin_LargePictures_AreBoundedInBytes()
    {
        const int Length = 16 << 20, Threads = 2;
        FakeImages images = new(40) { Length = Length };
        using PicturePrefetcher prefetcher = new(images, Threads);
        prefetcher.Begin(Enumerable.Range(0, images.Count).ToArray());
        // Four take the 64 MiB that there are; each thread may have begun one before they were full.
        for (int taken = 1; taken <= images.Count; taken++)
        {
            prefetcher.Next();
            Assert.InRange(images.Reads, taken, taken + 4 + Threads);
        }
    }

    [Fact]
    public void Next_BrokenPicture_SaysWhatIsWrongAndGoesOn()
    {
        FakeImages images = new(3) { Reading = index => _ = index == 1 ? throw new InvalidDataException("'b.png' is broken.") : 0 };
        using PicturePrefetcher prefetcher = new(images, threads: 2);

        prefetcher.Begin(new[] { 0, 1, 2 });

        Assert.Equal([null, "'b.png' is broken.", null], new[] { prefetcher.Next().Problem, prefetcher.Next().Problem, prefetcher.Next().Problem });
    }

    [Fact]
    public void Next_SetThatFails_ThrowsWhatItThrew()
    {
        FakeImages images = new(3) { Reading = index => _ = index == 1 ? throw new NotSupportedException("No such pictures.") : 0 };
        using PicturePrefetcher prefetcher = new(images, threads: 2);
        prefetcher.Begin(new[] { 0, 1, 2 });

        Assert.Equal(0, prefetcher.Next().Index);
        Assert.Equal("No such pictures.", Assert.Throws<NotSupportedException>(() => prefetcher.Next()).Message);
        Assert.Equal(2, prefetcher.Next().Index);
    }

    [Fact]
    public void Next_PastTheEnd_SaysSo()
    {
        using PicturePrefetcher prefetcher = new(new FakeImages(2), threads: 1);
        prefetcher.Begin(new[] { 1 });
        prefetcher.Next();

        Assert.Contains("All 1 pictures", Assert.Throws<InvalidOperationException>(() => prefetcher.Next()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_PicturesInMemory_AreReadWhenAskedFor()
    {
        FakeImages images = new(5) { InMemory = true };
        using PicturePrefetcher prefetcher = new(images);
        prefetcher.Begin(new[] { 4, 2 });

        Assert.Equal(0, images.Reads);
        Assert.Equal((4, 2), (prefetcher.Next().Index, prefetcher.Next().Index));
        Assert.Equal(2, images.Reads);
    }

    [Fact]
    public void Dispose_WhileReading_EndsTheThreads()
    {
        for (int i = 0; i < 50; i++)
        {
            FakeImages images = new(1000);
            PicturePrefetcher prefetcher = new(images, threads: 3);
            prefetcher.Begin(Enumerable.Range(0, images.Count).ToArray());
            for (int taken = 0; taken < i; taken++)
                prefetcher.Next();
            prefetcher.Dispose();
            prefetcher.Dispose();

            int reads = images.Reads;
            Thread.Yield();
            Assert.Equal(reads, images.Reads);
            Assert.Throws<ObjectDisposedException>(() => prefetcher.Next());
        }
    }

    /// <summary>Pictures whose first bytes are their number.</summary>
    private sealed class FakeImages(int count) : ImageSet("fake", 1, ["a"])
    {
        private readonly int[] _labels = new int[count];
        private int _reads;

        public Action<int> Reading { get; init; } = _ => { };

        public int Length { get; init; } = sizeof(int);

        public bool InMemory { get; init; }

        public int Reads => Volatile.Read(ref _reads);

        public override ReadOnlySpan<int> Labels => _labels;

        public override ImageSize? CommonSize => null;

        public override bool IsInMemory => InMemory;

        public override StoredImage Read(int index)
        {
            Interlocked.Increment(ref _reads);
            Reading(index);
            byte[] pixels = new byte[Length];
            BitConverter.TryWriteBytes(pixels, index);
            return new StoredImage(1, Length, pixels);
        }

        public override ImageSet Subset(ReadOnlySpan<int> indices, string name) => throw new NotSupportedException();
    }
}
