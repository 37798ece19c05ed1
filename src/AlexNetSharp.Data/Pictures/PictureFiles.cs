using System.Collections.Immutable;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Labelled pictures in files, each decoded when it is asked for, as <see cref="PictureReader.ReadStored"/> does it.</summary>
public sealed class PictureFiles : ImageSet
{
    private readonly ImmutableArray<int> _labels;

    /// <summary>A set of files, none of which is opened yet.</summary>
    /// <param name="name">What errors and reports call this set, for example <c>flowers/test</c>.</param>
    /// <param name="channels">What the pictures are brought to: 1 for grey, 3 for RGB.</param>
    /// <param name="paths">The files.</param>
    /// <param name="labels">[count], each an index into <paramref name="classNames"/>.</param>
    /// <param name="classNames">One name a class.</param>
    /// <exception cref="ArgumentException">There are neither 1 nor 3 channels, the lengths disagree, or a label is out of range.</exception>
    public PictureFiles(string name, int channels, ImmutableArray<string> paths, ImmutableArray<int> labels, ImmutableArray<string> classNames)
        : base(name, channels, classNames)
    {
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"'{name}': pictures in files become 1 channel (grey) or 3 (RGB), not {channels}.");
        if (paths.Length != labels.Length)
            throw new ArgumentException($"'{name}': {paths.Length} files, but {labels.Length} labels; each file needs one.", nameof(labels));
        int wrong = labels.AsSpan().IndexOfAnyExceptInRange(0, classNames.Length - 1);
        if (wrong >= 0)
            throw new ArgumentException($"'{name}': '{paths[wrong]}' has label {labels[wrong]}, but there are {classNames.Length} classes (0 to {classNames.Length - 1}).", nameof(labels));
        Paths = paths;
        _labels = labels;
    }

    /// <summary>The files.</summary>
    public ImmutableArray<string> Paths { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Labels => _labels.AsSpan();

    /// <inheritdoc/>
    public override ImageSize? CommonSize => null;

    /// <inheritdoc/>
    public override bool IsInMemory => false;

    /// <inheritdoc/>
    public override StoredImage Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return PictureReader.ReadStored(Paths[index], Channels);
    }

    /// <inheritdoc/>
    public override string Describe(int index) => Paths[index];

    /// <inheritdoc/>
    public override ImageSet Subset(ReadOnlySpan<int> indices, string name)
    {
        string[] paths = new string[indices.Length];
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)indices[i], (uint)Count, nameof(indices));
            paths[i] = Paths[indices[i]];
            labels[i] = _labels[indices[i]];
        }
        return new PictureFiles(name, Channels, [.. paths], [.. labels], ClassNames);
    }

    /// <summary>1 where all of some hundred pictures, spread over <paramref name="paths"/>, announce themselves as grey; else 3.</summary>
    internal static int FindChannels(ImmutableArray<string> paths)
    {
        const int Most = 100;
        int looks = Math.Min(Most, paths.Length), grey = 0;
        for (int i = 0; i < looks; i++)
        {
            switch (PictureReader.IsGrey(paths[(int)((long)i * paths.Length / looks)]))
            {
                case false:
                    return 3;
                case true:
                    grey++;
                    break;
            }
        }
        return grey > 0 ? 1 : 3;
    }
}
