using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>A team of two threads for a test class.</summary>
public sealed class TeamFixture : IDisposable
{
    public ThreadTeam Team { get; } = new(2);

    public void Dispose() => Team.Dispose();
}

/// <summary>Checks that the number of threads does not show in a result.</summary>
internal static class Teams
{
    /// <summary>Runs a kernel with 1, 2, 3 and 7 threads; the results must have the same bits.</summary>
    public static void GiveTheSameBits(string what, Func<ThreadTeam, float[]> kernel)
    {
        using ThreadTeam single = new(1);
        float[] expected = kernel(single);
        foreach (int threads in (ReadOnlySpan<int>)[2, 3, 7])
        {
            using ThreadTeam team = new(threads);
            Close.SameBits($"{what} with {threads} threads", expected, kernel(team));
        }
    }
}
