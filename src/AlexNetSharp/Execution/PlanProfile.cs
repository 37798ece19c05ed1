using System.Diagnostics;

namespace AlexNetSharp.Execution;

/// <summary>Adds up where a plan's time goes, operation by operation.</summary>
public sealed class PlanProfile
{
    private readonly long[] _forward;
    private readonly long[] _backward;

    /// <summary>For a plan.</summary>
    public PlanProfile(ExecutionPlan plan)
    {
        _forward = new long[plan.Operations.Length];
        _backward = new long[plan.Operations.Length];
    }

    /// <summary>Time of the forward passes so far in operation <paramref name="operation"/>.</summary>
    public TimeSpan Forward(int operation) => Stopwatch.GetElapsedTime(0, _forward[operation]);

    /// <summary>Time of the backward passes so far in operation <paramref name="operation"/>, weight updates included where they are fused.</summary>
    public TimeSpan Backward(int operation) => Stopwatch.GetElapsedTime(0, _backward[operation]);

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Array.Clear(_forward);
        Array.Clear(_backward);
    }

    internal void AddForward(int operation, long ticks) => _forward[operation] += ticks;

    internal void AddBackward(int operation, long ticks) => _backward[operation] += ticks;
}
