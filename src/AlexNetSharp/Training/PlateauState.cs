namespace AlexNetSharp.Training;

/// <summary>Follows the validation accuracy for a <see cref="PlateauSchedule"/>.</summary>
internal sealed class PlateauState(PlateauSchedule schedule)
{
    /// <summary>The best accuracy so far.</summary>
    public double Best { get; private set; } = double.NegativeInfinity;

    /// <summary>Epochs since then, or since the rate was lowered.</summary>
    public int EpochsSince { get; private set; }

    /// <summary>What the rate is multiplied by at present.</summary>
    public float Factor { get; private set; } = 1;

    /// <summary>Takes over what was followed so far.</summary>
    public void Restore(double best, int epochsSince, float factor) => (Best, EpochsSince, Factor) = (best, epochsSince, factor);

    /// <summary>Takes note of an epoch's accuracy.</summary>
    public void Report(double accuracy)
    {
        if (accuracy > Best + schedule.MinimalImprovement)
        {
            Best = accuracy;
            EpochsSince = 0;
        }
        else if (++EpochsSince > schedule.Patience)
        {
            Factor *= schedule.Factor;
            EpochsSince = 0;
        }
    }
}
