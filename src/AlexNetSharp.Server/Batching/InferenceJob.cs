using System.Diagnostics;

namespace AlexNetSharp.Server;

/// <summary>Pictures of one request on their way through the engine.</summary>
/// <param name="input">[count, height, width, channels], read until the job has ended.</param>
/// <param name="logits">[count, classes], written.</param>
/// <param name="count">Pictures, at least 1.</param>
internal sealed class InferenceJob(ReadOnlyMemory<float> input, Memory<float> logits, int count)
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public ReadOnlyMemory<float> Input { get; } = input;

    public Memory<float> Logits { get; } = logits;

    public int Count { get; } = count;

    /// <summary>When it was queued.</summary>
    public long Queued { get; } = Stopwatch.GetTimestamp();

    /// <summary>Pictures that have been put into batches.</summary>
    public int Taken { get; set; }

    /// <summary>Ends when all pictures are computed.</summary>
    public Task Done => _done.Task;

    /// <summary>Takes it to be computed; false where its request has gone.</summary>
    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Claimed, Waiting) == Waiting;

    /// <summary>Leaves it, so that it will not be computed; false where that has begun already.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting;

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception e) => _done.TrySetException(e);
}
