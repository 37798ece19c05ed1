using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>A parallel loop whose body is written once for every vector width.</summary>
internal interface IVectorJob
{
    /// <summary>Computes one task.</summary>
    /// <param name="task">0 to the number of tasks − 1.</param>
    /// <param name="worker">The thread's number within its team, to index scratch by.</param>
    void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;
}

/// <summary>Runs vector jobs on a team, at the width that <see cref="VectorWidth"/> chose.</summary>
internal static class VectorJob
{
    /// <summary>Floats a task of an element-wise kernel covers: large enough to hide its start, small enough to share out.</summary>
    public const int ElementsPerTask = 16384;

    /// <summary>Number of tasks that cover <paramref name="length"/> elements.</summary>
    public static int ElementTasks(int length) => (length + ElementsPerTask - 1) / ElementsPerTask;

    public static void Run<TJob>(ThreadTeam team, int tasks, TJob job)
        where TJob : unmanaged, IVectorJob
    {
        switch (VectorWidth.Bits)
        {
            case 512:
                team.Run(tasks, new Widened<TJob, Simd512, System.Runtime.Intrinsics.Vector512<float>>(job));
                break;
            case 256:
                team.Run(tasks, new Widened<TJob, Simd256, System.Runtime.Intrinsics.Vector256<float>>(job));
                break;
            default:
                team.Run(tasks, new Widened<TJob, Simd128, System.Runtime.Intrinsics.Vector128<float>>(job));
                break;
        }
    }

    private struct Widened<TJob, TSimd, TVec>(TJob job) : ITeamJob
        where TJob : unmanaged, IVectorJob
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        private TJob _job = job;

        public void Execute(int task, int worker) => _job.Execute<TSimd, TVec>(task, worker);
    }
}
