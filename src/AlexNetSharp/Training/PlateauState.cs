namespace AlexNetSharp.Training;

/// <summary>Follows the validation accuracy for a <see cref="PlateauSchedule"/>.</summary>
internal sealed class PlateauState(PlateauSchedule schedule)
{
    private double _best = double.NegativeInfinity;
    private int _epochsSince;

    /// <summary>What the rate is multiplied by at present.</summary>
    public float Factor { get; private set; } = 1;

    /// <summary>Takes note of an epoch's accuracy.</summary>
    public void Report(double accuracy)
    {
        if (accuracy > _best + schedule.MinimalImprovement)
        {
            _best = accuracy;
            _epochsSince = 0;
        }
        else if (++_epochsSince > schedule.Patience)
        {
            Factor *= schedule.Factor;
            _epochsSince = 0;
        }
    }
}
