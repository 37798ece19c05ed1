namespace AlexNetSharp.Images;

/// <summary>Pictures of two sets as one set, the first set's before the second's; the pictures stay where they are.</summary>
public sealed class JoinedImages : ImageSet
{
    private readonly (ImageSet Set, int Index)[] _places;
    private readonly int[] _labels;

    /// <summary>Joins two sets.</summary>
    /// <param name="name">What errors and reports call the whole.</param>
    /// <param name="first">Its first pictures.</param>
    /// <param name="second">The others: of as many channels, and of the same classes in the same order.</param>
    /// <exception cref="ArgumentException">Channels or classes differ.</exception>
    public JoinedImages(string name, ImageSet first, ImageSet second)
        : this(name, first, [.. Places(first), .. Places(second)])
    {
        if (first.Channels != second.Channels || !first.ClassNames.AsSpan().SequenceEqual(second.ClassNames.AsSpan()))
        {
            throw new ArgumentException(
                $"'{first.Name}' has {first.Channels} channels and {first.ClassNames.Length} classes, '{second.Name}' {second.Channels} and {second.ClassNames.Length}; only sets with the same ones can be joined.", nameof(second));
        }
    }

    private JoinedImages(string name, ImageSet like, (ImageSet Set, int Index)[] places)
        : base(name, like.Channels, like.ClassNames)
    {
        _places = places;
        _labels = [.. places.Select(place => place.Set.Labels[place.Index])];
        ImageSet[] sets = [.. places.Select(place => place.Set).Distinct()];
        CommonSize = sets.Length > 0 && sets.All(set => set.CommonSize == sets[0].CommonSize) ? sets[0].CommonSize : null;
        IsInMemory = sets.All(set => set.IsInMemory);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Labels => _labels;

    /// <inheritdoc/>
    public override ImageSize? CommonSize { get; }

    /// <inheritdoc/>
    public override bool IsInMemory { get; }

    /// <inheritdoc/>
    public override StoredImage Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _places[index].Set.Read(_places[index].Index);
    }

    /// <inheritdoc/>
    public override string Describe(int index) => _places[index].Set.Describe(_places[index].Index);

    /// <inheritdoc/>
    public override ImageSet Subset(ReadOnlySpan<int> indices, string name)
    {
        (ImageSet Set, int Index)[] places = new (ImageSet, int)[indices.Length];
        for (int i = 0; i < places.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)indices[i], (uint)Count, nameof(indices));
            places[i] = _places[indices[i]];
        }
        return new JoinedImages(name, this, places);
    }

    private static IEnumerable<(ImageSet Set, int Index)> Places(ImageSet set) => Enumerable.Range(0, set.Count).Select(index => (set, index));
}
