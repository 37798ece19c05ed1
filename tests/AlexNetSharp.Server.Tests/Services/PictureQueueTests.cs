using System.Collections.Immutable;
using AlexNetSharp.Images;

namespace AlexNetSharp.Server.Tests.Services;

public sealed class PictureQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ComputeAsync_PicturesThatWait_AreComputedTogetherUpToABatch()
    {
        Engine engine = new();
        await using PictureQueue queue = new(engine.Compute, maximalBatch: 4, length: 100);
        Task<Classification> first = queue.ComputeAsync(Picture(0), CancellationToken.None);
        await engine.Entered.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Task<Classification>[] others = [.. Enumerable.Range(1, 6).Select(i => queue.ComputeAsync(Picture(i), CancellationToken.None))];
        engine.Release();

        Classification[] answers = await Task.WhenAll([first, .. others]).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal([1, 4, 2], engine.Batches);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], answers.Select(answer => answer.Label));
    }

    [Fact]
    public async Task ComputeAsync_MoreThanMayWait_AreTurnedAwayAtOnce()
    {
        Engine engine = new();
        await using PictureQueue queue = new(engine.Compute, maximalBatch: 4, length: 2);
        Task<Classification> first = queue.ComputeAsync(Picture(0), CancellationToken.None);
        await engine.Entered.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Task<Classification>[] waiting = [queue.ComputeAsync(Picture(1), CancellationToken.None), queue.ComputeAsync(Picture(2), CancellationToken.None)];

        await Assert.ThrowsAsync<PredictorBusyException>(() => queue.ComputeAsync(Picture(3), CancellationToken.None));

        engine.Release();
        await Task.WhenAll([first, .. waiting]).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("4", (await queue.ComputeAsync(Picture(4), CancellationToken.None)).Label);
    }

    [Fact]
    public async Task ComputeAsync_GivenUpWhileWaiting_IsNotComputed()
    {
        Engine engine = new();
        await using PictureQueue queue = new(engine.Compute, maximalBatch: 4, length: 100);
        using CancellationTokenSource gone = new();
        Task<Classification> first = queue.ComputeAsync(Picture(0), CancellationToken.None);
        await engine.Entered.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Task<Classification> givenUp = queue.ComputeAsync(Picture(1), gone.Token), kept = queue.ComputeAsync(Picture(2), CancellationToken.None);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        engine.Release();

        await Task.WhenAll(first, kept).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal([1, 1], engine.Batches);
    }

    [Fact]
    public async Task ComputeAsync_BatchThatFails_FailsItsPicturesAndNoOthers()
    {
        int calls = 0;
        await using PictureQueue queue = new(pictures => calls++ == 0 ? throw new ArgumentException("broken") : Engine.Answers(pictures), maximalBatch: 1, length: 100);

        await Assert.ThrowsAsync<ArgumentException>(() => queue.ComputeAsync(Picture(0), CancellationToken.None));
        Assert.Equal("1", (await queue.ComputeAsync(Picture(1), CancellationToken.None)).Label);
    }

    [Fact]
    public async Task DisposeAsync_PicturesThatWait_AreAnsweredFirst()
    {
        Engine engine = new();
        PictureQueue queue = new(engine.Compute, maximalBatch: 1, length: 100);
        Task<Classification>[] waiting = [.. Enumerable.Range(0, 5).Select(i => queue.ComputeAsync(Picture(i), CancellationToken.None))];

        Task end = queue.DisposeAsync().AsTask();
        engine.Release();

        await end.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.All(waiting, task => Assert.True(task.IsCompletedSuccessfully));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.ComputeAsync(Picture(0), CancellationToken.None));
    }

    private static StoredImage Picture(int label) => new(1, 1, new byte[] { (byte)label });

    /// <summary>Answers with the picture's only byte; the first batch waits until it is let go.</summary>
    private sealed class Engine
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Batches { get; } = [];

        public Task Entered => _entered.Task;

        public static ImmutableArray<Classification> Answers(IReadOnlyList<StoredImage> pictures) =>
            [.. pictures.Select(picture => new Classification([$"{picture.Pixels.Span[0]}"], [1]))];

        public void Release() => _released.TrySetResult();

        public ImmutableArray<Classification> Compute(IReadOnlyList<StoredImage> pictures)
        {
            Batches.Add(pictures.Count);
            _entered.TrySetResult();
            _released.Task.Wait();
            return Answers(pictures);
        }
    }
}
