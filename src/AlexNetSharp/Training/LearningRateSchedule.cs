namespace AlexNetSharp.Training;

/// <summary>How the learning rate changes over a run.</summary>
public enum LearningRateSchedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>Half a cosine from the full rate down to zero (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,
}

/// <summary>Evaluates schedules.</summary>
public static class LearningRateSchedules
{
    /// <summary>The rate of one step.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="baseRate">The full rate.</param>
    /// <param name="step">0 to <paramref name="steps"/> − 1.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public static float RateAt(this LearningRateSchedule schedule, float baseRate, int step, int steps) => schedule switch
    {
        LearningRateSchedule.Cosine => (float)(baseRate * 0.5 * (1 + Math.Cos(Math.PI * step / steps))),
        _ => baseRate,
    };
}
