using System.Runtime.ExceptionServices;

namespace AlexNetSharp.Data;

/// <summary>Works on pictures with all processors and tells how far it is.</summary>
/// <param name="total">Pictures of all loops together.</param>
/// <param name="progress">Told after every hundred pictures, and at the end.</param>
/// <param name="cancellationToken">Stops between pictures.</param>
internal sealed class PictureLoop(int total, IProgress<PictureProgress>? progress, CancellationToken cancellationToken)
{
    private const int ProgressEvery = 100;

    private readonly ParallelOptions _options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
    private int _done;

    public int Total => total;

    /// <summary>Calls <paramref name="body"/> for 0 to <paramref name="count"/> − 1; what it throws first comes out as it is.</summary>
    public void Run(int count, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, _options, i =>
            {
                body(i);
                int done = Interlocked.Increment(ref _done);
                if (done % ProgressEvery == 0 || done == total)
                    progress?.Report(new PictureProgress(done, total));
            });
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
