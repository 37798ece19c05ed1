using System.Runtime.InteropServices;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Tests.Threading;

public sealed unsafe class ThreadTeamTests
{
    public static TheoryData<int> ThreadCounts => [1, 2, 3, 7, 16, 64];

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void Run_AnyNumberOfTasks_ExecutesEachOnceOnAWorkerOfTheTeam(int threads)
    {
        using ThreadTeam team = new(threads);
        Assert.Equal(threads, team.ThreadCount);
        foreach (int tasks in Enumerable.Range(0, 40).Concat([97, 1000, 10_000]))
            RunCounted(team, tasks);
    }

    [Fact]
    public void Run_NegativeNumberOfTasks_ExecutesNone()
    {
        using ThreadTeam team = new(2);
        int count = 0;
        team.Run(-3, new CountJob(&count, null));
        Assert.Equal(0, count);
    }

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void Run_ThousandsOfEmptyRounds_EndsEveryOne(int threads)
    {
        using ThreadTeam team = new(threads);
        int count = 0;
        // With more threads than processors each round parks and wakes them all.
        int rounds = threads <= 3 ? 5_000 : 2_000;
        for (int round = 0; round < rounds; round++)
            team.Run(2, new AddJob(&count));
        Assert.Equal(2 * rounds, count);
    }

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void Run_AfterPauses_WakesParkedThreads(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int round = 0; round < 10; round++)
        {
            // Far past the spinning the threads are parked; without a pause some still spin.
            Thread.Sleep(round < 5 ? 20 : 0);
            RunCounted(team, 50);
        }
    }

    [Fact]
    public void Run_FewerTasksThanThreads_ReachesAsManyThreadsAsTasks()
    {
        using ThreadTeam team = new(16);
        int[] workers = new int[16];
        for (int round = 0; round < 10; round++)
        {
            Array.Clear(workers);
            fixed (int* seen = workers)
                team.Run(3, new MeetJob(seen, workers.Length, 3));
            Assert.Equal(3, workers.Count(tasks => tasks == 1));
        }
    }

    [Fact]
    public void Run_SlowTasks_SpreadsThemOverTheThreads()
    {
        using ThreadTeam team = new(4);
        int[] workers = new int[4];
        fixed (int* seen = workers)
            team.Run(40, new SleepJob(seen));
        Assert.Equal(40, workers.Sum());
        Assert.All(workers, tasks => Assert.True(tasks > 0));
    }

    [Theory]
    [InlineData(1, 2, 3, 4)]
    [InlineData(2, 2, 2, 2, 2, 2, 2, 2)]
    [InlineData(16, 2, 64)]
    public void Run_SeveralTeamsAtOnce_DoNotDisturbOneAnother(params int[] threadCounts)
    {
        Exception?[] failures = new Exception?[threadCounts.Length];
        Thread[] callers = [.. Enumerable.Range(0, threadCounts.Length).Select(caller => new Thread(() =>
        {
            try
            {
                using ThreadTeam team = new(threadCounts[caller]);
                for (int round = 0; round < 300; round++)
                {
                    // Now and then long enough for some to offer their processor, and for some to park.
                    if (round % 50 == caller)
                        Thread.Sleep(round / 50);
                    RunCounted(team, 1 + (round % 30));
                }
            }
            catch (Exception e)
            {
                failures[caller] = e;
            }
        }))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            Assert.True(caller.Join(TimeSpan.FromMinutes(1)));
        Assert.All(failures, Assert.Null);
    }

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void Run_TaskThatThrows_HandsItsExceptionToTheCallerAndStaysUsable(int threads)
    {
        using ThreadTeam team = new(threads);
        foreach (int failing in (ReadOnlySpan<int>)[0, 1, 17, 49])
        {
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => team.Run(50, new ThrowJob(failing)));
            Assert.Equal($"task {failing}", error.Message);
            RunCounted(team, 50);
        }
        Assert.Throws<InvalidDataException>(() => team.Run(1, new ThrowJob(0)));
        RunCounted(team, 50);
    }

    [Fact]
    public void Run_EveryTaskThrows_HandsOverOne()
    {
        using ThreadTeam team = new(4);
        for (int round = 0; round < 100; round++)
            Assert.StartsWith("task ", Assert.Throws<InvalidDataException>(() => team.Run(50, new ThrowJob(-1))).Message, StringComparison.Ordinal);
        RunCounted(team, 50);
    }

    [Theory]
    [MemberData(nameof(ThreadCounts))]
    public void Run_FromWithinATask_ThrowsInvalidOperationAndStaysUsable(int threads)
    {
        using ThreadTeam team = new(threads);
        GCHandle handle = GCHandle.Alloc(team);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => team.Run(4, new NestedJob(handle)));
        Assert.Contains("already running a loop", error.Message, StringComparison.Ordinal);
        handle.Free();
        RunCounted(team, 50);
    }

    [Fact]
    public void Run_FromASecondThread_ThrowsInvalidOperation()
    {
        using ThreadTeam team = new(2);
        int* state = (int*)NativeMemory.AllocZeroed(sizeof(int));
        Thread first = new(() => team.Run(1, new WaitJob(state)));
        first.Start();
        while (Volatile.Read(ref *state) == 0)
            Thread.Yield();
        Assert.Throws<InvalidOperationException>(() => team.Run(1, default(AddJob)));
        Volatile.Write(ref *state, 2);
        first.Join();
        NativeMemory.Free(state);
        RunCounted(team, 50);
    }

    [Fact]
    public void Run_DisposedTeam_ThrowsObjectDisposed()
    {
        foreach (int threads in (ReadOnlySpan<int>)[1, 3])
        {
            ThreadTeam team = new(threads);
            RunCounted(team, 50);
            team.Dispose();
            team.Dispose();
            Assert.Throws<ObjectDisposedException>(() => team.Run(5, default(AddJob)));
        }
    }

    [Fact]
    public void Dispose_SpinningParkedOrNewThreads_EndsThem()
    {
        for (int round = 0; round < 200; round++)
        {
            ThreadTeam team = new(3);
            if (round % 3 == 1)
                RunCounted(team, 5);
            if (round % 10 == 2)
                Thread.Sleep(2);
            team.Dispose();
        }
        // Dispose joins every thread: to come here is the proof. None of the last team's tasks can start now.
        Assert.Throws<ObjectDisposedException>(() =>
        {
            ThreadTeam team = new(2);
            team.Dispose();
            team.Run(2, default(AddJob));
        });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(257)]
    public void Constructor_ThreadCountOutOfRange_NamesIt(int threads)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam(threads));
        Assert.Equal(threads, error.ActualValue);
    }

    [Fact]
    public void Constructor_Zero_TakesAThreadForEachProcessor()
    {
        using ThreadTeam team = new();
        Assert.Equal(Math.Min(Environment.ProcessorCount, 256), team.ThreadCount);
    }

    private static void RunCounted(ThreadTeam team, int tasks)
    {
        int[] counts = new int[tasks + 1], workers = new int[team.ThreadCount + 1];
        fixed (int* count = counts, worker = workers)
            team.Run(tasks, new CountJob(count, worker));
        for (int task = 0; task < tasks; task++)
            Assert.Equal(1, counts[task]);
        Assert.Equal(0, counts[tasks]);
        Assert.Equal(0, workers[team.ThreadCount]);
        Assert.Equal(tasks, workers.Sum());
    }

    private readonly struct CountJob(int* counts, int* workers) : ITeamJob
    {
        private readonly int* _counts = counts;
        private readonly int* _workers = workers;

        public void Execute(int task, int worker)
        {
            Interlocked.Increment(ref _counts[task]);
            Interlocked.Increment(ref _workers[worker]);
        }
    }

    private readonly struct AddJob(int* count) : ITeamJob
    {
        private readonly int* _count = count;

        public void Execute(int task, int worker) => Interlocked.Increment(ref *_count);
    }

    private readonly struct SleepJob(int* workers) : ITeamJob
    {
        private readonly int* _workers = workers;

        public void Execute(int task, int worker)
        {
            Thread.Sleep(10);
            Interlocked.Increment(ref _workers[worker]);
        }
    }

    // Each task stays until as many tasks as are expected run at once, each on a worker of its own.
    private readonly struct MeetJob(int* workers, int count, int expected) : ITeamJob
    {
        private readonly int* _workers = workers;
        private readonly int _count = count;
        private readonly int _expected = expected;

        public void Execute(int task, int worker)
        {
            Interlocked.Increment(ref _workers[worker]);
            while (Running() < _expected)
                Thread.Yield();
        }

        private int Running()
        {
            int sum = 0;
            for (int i = 0; i < _count; i++)
                sum += Volatile.Read(ref _workers[i]);
            return sum;
        }
    }

    private readonly struct ThrowJob(int failing) : ITeamJob
    {
        private readonly int _failing = failing;

        public void Execute(int task, int worker)
        {
            if (task == _failing || _failing < 0)
                throw new InvalidDataException($"task {task}");
        }
    }

    private readonly struct NestedJob(GCHandle team) : ITeamJob
    {
        private readonly GCHandle _team = team;

        public void Execute(int task, int worker) => ((ThreadTeam)_team.Target!).Run(2, default(AddJob));
    }

    // Tells by 1 that it runs, and runs until told 2.
    private readonly struct WaitJob(int* state) : ITeamJob
    {
        private readonly int* _state = state;

        public void Execute(int task, int worker)
        {
            Volatile.Write(ref *_state, 1);
            while (Volatile.Read(ref *_state) != 2)
                Thread.Yield();
        }
    }
}
