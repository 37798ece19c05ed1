using System.Collections.Immutable;

namespace AlexNetSharp.Training;

/// <summary>Keeps those of any number of mistakes that a network was surest of, in memory for twice as many as are wanted.</summary>
/// <param name="count">How many are wanted.</param>
internal sealed class WorstMistakes(int count)
{
    private readonly List<Mistake> _kept = [];

    public void Add(Mistake mistake)
    {
        _kept.Add(mistake);
        if (_kept.Count >= 2 * count)
            KeepWorst();
    }

    /// <summary>The surest first, those of equal probability in the set's order.</summary>
    public ImmutableArray<Mistake> InOrder()
    {
        KeepWorst();
        return [.. _kept];
    }

    private void KeepWorst()
    {
        _kept.Sort((a, b) => b.GivenProbability.CompareTo(a.GivenProbability) is var order and not 0 ? order : a.Index.CompareTo(b.Index));
        if (_kept.Count > count)
            _kept.RemoveRange(count, _kept.Count - count);
    }
}
