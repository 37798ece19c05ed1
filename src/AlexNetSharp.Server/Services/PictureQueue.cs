using System.Collections.Immutable;
using System.Threading.Channels;
using AlexNetSharp.Images;

namespace AlexNetSharp.Server;

/// <summary>Pictures that wait, and the one loop that computes them: each time as many as are there, up to a batch.</summary>
internal sealed class PictureQueue : IAsyncDisposable
{
    private readonly Func<IReadOnlyList<StoredImage>, ImmutableArray<Classification>> _compute;
    private readonly int _maximalBatch;
    private readonly int _length;
    private readonly Channel<Entry> _waiting;
    private readonly Task _loop;

    /// <summary>Starts the loop.</summary>
    /// <param name="compute">Answers for at most <paramref name="maximalBatch"/> pictures; called once at a time.</param>
    /// <param name="maximalBatch">The most pictures computed together.</param>
    /// <param name="length">The most that may wait.</param>
    public PictureQueue(Func<IReadOnlyList<StoredImage>, ImmutableArray<Classification>> compute, int maximalBatch, int length)
    {
        (_compute, _maximalBatch, _length) = (compute, maximalBatch, length);
        _waiting = Channel.CreateBounded<Entry>(new BoundedChannelOptions(length) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Waits for the answer.</summary>
    /// <exception cref="PredictorBusyException">As many wait as may.</exception>
    /// <exception cref="OperationCanceledException">The caller gave the picture up, or the queue is closed.</exception>
    public Task<Classification> ComputeAsync(StoredImage picture, CancellationToken cancellationToken)
    {
        Entry entry = new(picture, cancellationToken);
        if (!_waiting.Writer.TryWrite(entry))
            throw _waiting.Reader.Completion.IsCompleted || _loop.IsCompleted ? new OperationCanceledException("The application is ending.") : new PredictorBusyException(_length);
        return entry.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no more pictures, and returns when those that wait are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        List<Entry> batch = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < _maximalBatch && _waiting.Reader.TryRead(out Entry? entry))
            {
                if (!entry.CancellationToken.IsCancellationRequested)
                    batch.Add(entry);
            }
            if (batch.Count > 0)
                Answer(batch);
        }
    }

    // Whatever goes wrong in a batch is its requests' affair; the loop goes on.
    private void Answer(List<Entry> batch)
    {
        try
        {
            ImmutableArray<Classification> answers = _compute([.. batch.Select(entry => entry.Picture)]);
            for (int i = 0; i < batch.Count; i++)
                batch[i].Answer.TrySetResult(answers[i]);
        }
        catch (Exception e)
        {
            foreach (Entry entry in batch)
                entry.Answer.TrySetException(e);
        }
    }

    private sealed record Entry(StoredImage Picture, CancellationToken CancellationToken)
    {
        // The caller goes on elsewhere, not on the loop's thread.
        public TaskCompletionSource<Classification> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
