namespace AlexNetSharp.Kernels.Threading;

/// <summary>The body of a parallel loop: a value that holds pointers, so that running it allocates nothing.</summary>
public interface ITeamJob
{
    /// <summary>Computes one task. Tasks run in any order on any thread: none may depend on another.</summary>
    /// <param name="task">0 to the number of tasks − 1.</param>
    /// <param name="worker">The thread's number, 0 to <see cref="ThreadTeam.ThreadCount"/> − 1, to index scratch memory by.</param>
    void Execute(int task, int worker);
}
