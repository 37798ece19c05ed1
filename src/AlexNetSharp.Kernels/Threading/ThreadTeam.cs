using System.Runtime.ExceptionServices;

namespace AlexNetSharp.Kernels.Threading;

/// <summary>A fixed set of threads that share out the tasks of one loop at a time; idle threads spin briefly, then park.</summary>
/// <remarks>
/// Which thread computes a task is left to chance; kernels therefore cut their work into tasks by the problem's size alone and let each
/// task write memory of its own, so that results do not depend on the number of threads. A team serves one caller at a time.
/// </remarks>
public sealed unsafe class ThreadTeam : IDisposable
{
    // Bridges the gaps between the loops of a training step and those between steps: the runtime makes an iteration of SpinWait last some
    // 37 ns, so this is 1.5 ms. Past that a thread parks and costs nothing.
    private const int SpinsBeforeParking = 2000;
    private const int IterationsPerSpin = 20;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _parked;
    private readonly int _spins;
    private int _busy;
    private volatile bool _stopping;
    private volatile int _round;
    private volatile int _running;
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
        _spins = ThreadCount <= Environment.ProcessorCount ? SpinsBeforeParking : 0;
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
            // The job lies on this stack frame, which outlives the loop: the caller waits for every worker below.
            _job = &job;
            _invoke = &Invoke<TJob>;
            _taskCount = tasks;
            _nextTask = 0;
            _failure = null;
            _running = _threads.Length;
            Interlocked.Increment(ref _round);
            for (int i = 0; i < _threads.Length; i++)
            {
                if (Interlocked.Exchange(ref _parked[i], 0) == 1)
                    _wake[i].Release();
            }
            TakeTasks(0);
            SpinWait wait = default;
            while (_running != 0)
                wait.SpinOnce(sleep1Threshold: -1);
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

    private void WorkerLoop(int index)
    {
        int seen = 0;
        while (true)
        {
            for (int spin = 0; _round == seen && !_stopping; spin++)
            {
                if (spin < _spins)
                {
                    Thread.SpinWait(IterationsPerSpin);
                    continue;
                }
                // Announce the parking first, look once more, then sleep: the starter sees either the flag or a thread that saw its round.
                Interlocked.Exchange(ref _parked[index], 1);
                if (_round == seen && !_stopping)
                    _wake[index].Wait();
                else if (Interlocked.Exchange(ref _parked[index], 0) == 0)
                    _wake[index].Wait(); // The starter has taken the flag and released: take its token, or it would wake a later parking.
            }
            if (_stopping)
                return;
            seen = _round;
            TakeTasks(index + 1);
            Interlocked.Decrement(ref _running);
        }
    }
}
