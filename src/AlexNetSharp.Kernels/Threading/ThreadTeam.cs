using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace AlexNetSharp.Kernels.Threading;

/// <summary>A fixed set of threads that share out the tasks of one loop at a time; idle threads spin briefly, then park.</summary>
/// <remarks>
/// Which thread computes a task is left to chance; kernels therefore cut their work into tasks by the problem's size alone and let each
/// task write memory of its own, so that results do not depend on the number of threads. A team serves one caller at a time.
/// A loop waits for the threads that joined it, not for those that the system has yet to give a processor: where others compute as well, the
/// caller does their share instead of waiting for their turn.
/// </remarks>
public sealed unsafe class ThreadTeam : IDisposable
{
    // The low half of _state counts the threads inside the loop; this bit says that more may join, the high half is the loop's number.
    private const long Open = 1L << 31;
    private const int NumberShift = 32;

    // The first tenth of a millisecond bridges the gaps between the loops of a training step. After that each look offers the processor to
    // whoever else wants it, which costs nothing where nobody does; past 1.5 ms, longer than the gaps between steps, a thread parks. Bounded by
    // the clock, for how long an iteration of SpinWait lasts is the runtime's and the processor's affair. Measured on two processors, loops of
    // 5 and 50 µs: as quick as threads that spin all the time; with a busy process on one of the two, no slower than one thread alone (median),
    // where a team that waited for all its threads took 1.1 ms a loop.
    private const int IterationsPerSpin = 20;
    private static readonly long SpinTicks = Stopwatch.Frequency / 10_000;
    private static readonly long YieldTicks = Stopwatch.Frequency / 1_000 * 3 / 2;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _parked;
    private readonly bool _spins;
    private int _busy;
    private volatile bool _stopping;
    private long _state;
    private int _nextTask;
    private int _taskCount;
    private void* _job;
    private delegate*<void*, int, int, void> _invoke;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the team.</summary>
    /// <param name="threadCount">Threads in all, the caller's own among them; 1 to 256. 0 takes one for each processor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threadCount"/> is negative or above 256.</exception>
    public ThreadTeam(int threadCount = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threadCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threadCount, 256);
        ThreadCount = threadCount == 0 ? Math.Min(Environment.ProcessorCount, 256) : threadCount;
        // With more threads than processors a spinning thread would keep a working one off its processor.
        _spins = ThreadCount <= Environment.ProcessorCount;
        _threads = new Thread[ThreadCount - 1];
        _wake = new SemaphoreSlim[ThreadCount - 1];
        _parked = new int[ThreadCount - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _wake[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => WorkerLoop(index)) { IsBackground = true, Name = $"alexnet worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads in all, the caller's own among them.</summary>
    public int ThreadCount { get; }

    /// <summary>Runs <paramref name="job"/> for tasks 0 to <paramref name="tasks"/> − 1 and returns when all are done.</summary>
    /// <exception cref="InvalidOperationException">The team is running another loop, called from a task or from a second thread.</exception>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    public void Run<TJob>(int tasks, TJob job)
        where TJob : unmanaged, ITeamJob
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("The thread team is already running a loop. Give each engine a team of its own, and start no loop from within a task.");
        try
        {
            if (ThreadCount == 1 || tasks <= 1)
            {
                for (int i = 0; i < tasks; i++)
                    job.Execute(i, 0);
                return;
            }
            // The job lies on this stack frame, which outlives the loop: every thread that joins it is waited for below.
            _job = &job;
            _invoke = &Invoke<TJob>;
            _taskCount = tasks;
            _nextTask = 0;
            _failure = null;
            Interlocked.Exchange(ref _state, (((_state >> NumberShift) + 1) << NumberShift) | Open);
            WakeParked(tasks - 1);
            TakeTasks(0);
            Interlocked.And(ref _state, ~Open);
            AwaitJoined();
            _failure?.Throw();
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        for (int i = 0; i < _threads.Length; i++)
            _wake[i].Release();
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i].Join();
            _wake[i].Dispose();
        }
    }

    private static void Invoke<TJob>(void* job, int task, int worker)
        where TJob : unmanaged, ITeamJob => ((TJob*)job)->Execute(task, worker);

    private void TakeTasks(int worker)
    {
        int task;
        while ((task = Interlocked.Increment(ref _nextTask) - 1) < _taskCount)
        {
            try
            {
                _invoke(_job, task, worker);
            }
            catch (Exception e)
            {
                // The first failure goes to the caller; the remaining tasks are given up.
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                Volatile.Write(ref _nextTask, _taskCount);
            }
        }
    }

    // No more than have a task to take: waking one costs as much as some tasks do.
    private void WakeParked(int atMost)
    {
        for (int i = 0; i < _threads.Length && atMost > 0; i++)
        {
            if (Volatile.Read(ref _parked[i]) == 1 && Interlocked.Exchange(ref _parked[i], 0) == 1)
            {
                _wake[i].Release();
                atMost--;
            }
        }
    }

    private void AwaitJoined()
    {
        long start = 0;
        while ((uint)Volatile.Read(ref _state) != 0)
        {
            if (start == 0)
                start = Stopwatch.GetTimestamp();
            if (_spins && Stopwatch.GetTimestamp() - start < SpinTicks)
                Thread.SpinWait(IterationsPerSpin);
            else
                Thread.Yield();
        }
    }

    private int LoopNumber() => (int)(Volatile.Read(ref _state) >> NumberShift);

    private void WorkerLoop(int index)
    {
        int seen = 0;
        while (true)
        {
            AwaitLoopAfter(seen, index);
            if (_stopping)
                return;
            long state = Volatile.Read(ref _state);
            seen = (int)(state >> NumberShift);
            while ((state & Open) != 0 && (int)(state >> NumberShift) == seen)
            {
                long found = Interlocked.CompareExchange(ref _state, state + 1, state);
                if (found == state)
                {
                    TakeTasks(index + 1);
                    Interlocked.Decrement(ref _state);
                    break;
                }
                state = found;
            }
        }
    }

    // Returns when another loop than number `seen` has begun, or the team is to stop.
    private void AwaitLoopAfter(int seen, int index)
    {
        long start = Stopwatch.GetTimestamp();
        while (LoopNumber() == seen && !_stopping)
        {
            long waited = _spins ? Stopwatch.GetTimestamp() - start : long.MaxValue;
            if (waited < SpinTicks)
            {
                Thread.SpinWait(IterationsPerSpin);
            }
            else if (waited < YieldTicks)
            {
                Thread.Yield();
            }
            else
            {
                // Announce the parking first, look once more, then sleep: the starter sees either the flag or a thread that saw its loop.
                Interlocked.Exchange(ref _parked[index], 1);
                if (LoopNumber() == seen && !_stopping)
                    _wake[index].Wait();
                else if (Interlocked.Exchange(ref _parked[index], 0) == 0)
                    _wake[index].Wait(); // The starter has taken the flag and released: take its token, or it would wake a later parking.
            }
        }
    }
}
