using System.Collections.Immutable;

namespace AlexNetSharp.Images;

/// <summary>Labelled pictures, of one size or of many, in memory or read when they are asked for.</summary>
/// <remarks>Derive from it to train on pictures that lie anywhere else. <see cref="Read"/> is called from several threads at once.</remarks>
public abstract class ImageSet
{
    /// <summary>Sets what all sets have.</summary>
    /// <param name="name">What errors and reports call this set, for example <c>mnist/test</c>.</param>
    /// <param name="channels">Values of a pixel: 1 for grey, 3 for RGB.</param>
    /// <param name="classNames">One name a class; labels index into it.</param>
    /// <exception cref="ArgumentException">The name is empty, or there is less than one channel.</exception>
    protected ImageSet(string name, int channels, ImmutableArray<string> classNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Name = name;
        Channels = channels;
        ClassNames = classNames;
    }

    /// <summary>What errors and reports call this set.</summary>
    public string Name { get; }

    /// <summary>Values of a pixel: 1 for grey, 3 for RGB.</summary>
    public int Channels { get; }

    /// <summary>One name a class; labels index into it.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>Number of pictures.</summary>
    public int Count => Labels.Length;

    /// <summary>All labels, [count].</summary>
    public abstract ReadOnlySpan<int> Labels { get; }

    /// <summary>The size that all pictures share; null where sizes differ or are not known before they are read.</summary>
    public abstract ImageSize? CommonSize { get; }

    /// <summary>Whether <see cref="Read"/> hands out memory that is there already, so that nobody needs to read ahead.</summary>
    public abstract bool IsInMemory { get; }

    /// <summary>A picture.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such picture.</exception>
    /// <exception cref="InvalidDataException">The picture is broken; the message names it.</exception>
    /// <exception cref="IOException">The picture cannot be read; the message names it.</exception>
    public abstract StoredImage Read(int index);

    /// <summary>What a message calls a picture: its path, or its number.</summary>
    public virtual string Describe(int index) => $"{Name}, picture {index}";

    /// <summary>Some of the pictures, in a given order, sharing what this set holds.</summary>
    /// <param name="indices">Places in this set.</param>
    /// <param name="name">The new set's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">A place does not lie within this set.</exception>
    public abstract ImageSet Subset(ReadOnlySpan<int> indices, string name);
}
