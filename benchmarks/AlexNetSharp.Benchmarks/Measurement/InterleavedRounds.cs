using System.Diagnostics;
using AlexNetSharp.Benchmarks.Engines;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>Gives engines their turns, round by round, so that whatever the machine does to one it does to all.</summary>
internal static class InterleavedRounds
{
    // libtorch's OpenMP threads spin up to 200 ms after their last loop, ONNX Runtime's for less: after twice that nobody takes processor time
    // from the one whose turn it is.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    // After the pause threads have to be woken and caches to be filled: a few steps, or one where a step takes long.
    private const int WarmUpSteps = 3;
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>Seconds a step: [engine][round].</summary>
    /// <param name="engines">The engines; each round begins with another one.</param>
    /// <param name="pace">Rounds and the length of a turn.</param>
    /// <param name="beforeRound">Called before each round.</param>
    /// <param name="cancellationToken">Ends the run between two steps.</param>
    public static double[][] Measure(IReadOnlyList<IEngine> engines, Pace pace, Action beforeRound, CancellationToken cancellationToken)
    {
        double[][] seconds = [.. engines.Select(_ => new double[pace.Rounds])];
        for (int round = 0; round < pace.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            beforeRound();
            for (int turn = 0; turn < engines.Count; turn++)
            {
                int engine = (round + turn) % engines.Count;
                Thread.Sleep(Pause);
                _ = Steps(engines[engine], WarmUpSteps, WarmUpLimit, cancellationToken);
                seconds[engine][round] = Steps(engines[engine], int.MaxValue, pace.Slice, cancellationToken);
            }
        }
        return seconds;
    }

    // At least one step, then until either limit is reached; seconds a step.
    private static double Steps(IEngine engine, int limit, TimeSpan duration, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        int steps = 0;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            engine.Step();
            steps++;
        }
        while (steps < limit && clock.Elapsed < duration);
        return clock.Elapsed.TotalSeconds / steps;
    }
}
