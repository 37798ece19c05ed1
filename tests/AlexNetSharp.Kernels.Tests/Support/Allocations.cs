namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>What a call allocates once everything is warm.</summary>
internal static class Allocations
{
    private const int WarmUpSteps = 5;
    private const int Steps = 20;
    private const int Attempts = 5;

    /// <summary>Fails if every repetition of <paramref name="step"/> allocates on this thread.</summary>
    /// <remarks>
    /// On a loaded machine an attempt has been seen to count some kilobytes once, less than an allocation buffer holds. Why is not known:
    /// collections alone do not bring it about. What a step allocates as a rule, it allocates at every attempt.
    /// </remarks>
    public static void AssertNone(Action step)
    {
        // The first calls load types; the runtime does that on the calling thread.
        for (int i = 0; i < WarmUpSteps; i++)
            step();
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Steps; i++)
                step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }
}
