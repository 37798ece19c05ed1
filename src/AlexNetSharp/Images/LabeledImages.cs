using System.Collections.Immutable;

namespace AlexNetSharp.Images;

/// <summary>Pictures of one size with their labels, held in memory as bytes.</summary>
/// <remarks>Pixels are NHWC, 0 to 255; a model sees them divided by 255.</remarks>
public sealed class LabeledImages : ImageSet
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<int> _labels;

    /// <summary>Wraps pixels and labels without copying them.</summary>
    /// <param name="name">What errors and reports call this set, for example <c>mnist/test</c>.</param>
    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Columns of a picture.</param>
    /// <param name="channels">1 for grey, 3 for RGB.</param>
    /// <param name="pixels">[count, height, width, channels].</param>
    /// <param name="labels">[count], each an index into <paramref name="classNames"/>.</param>
    /// <param name="classNames">One name a class.</param>
    /// <exception cref="ArgumentException">A size is below one, the lengths disagree, or a label is out of range.</exception>
    public LabeledImages(string name, int height, int width, int channels, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<int> labels, ImmutableArray<string> classNames)
        : base(name, channels, classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        long expected = (long)labels.Length * height * width * channels;
        if (pixels.Length != expected)
            throw new ArgumentException($"'{name}': {pixels.Length} pixel bytes, but {labels.Length} labels of {height}x{width}x{channels} pictures need {expected}.", nameof(pixels));
        ReadOnlySpan<int> all = labels.Span;
        for (int i = 0; i < all.Length; i++)
        {
            if ((uint)all[i] >= (uint)classNames.Length)
                throw new ArgumentException($"'{name}': picture {i} has label {all[i]}, but there are {classNames.Length} classes (0 to {classNames.Length - 1}).", nameof(labels));
        }
        Height = height;
        Width = width;
        _pixels = pixels;
        _labels = labels;
    }

    /// <summary>Rows of a picture.</summary>
    public int Height { get; }

    /// <summary>Columns of a picture.</summary>
    public int Width { get; }

    /// <summary>Bytes of one picture: height x width x channels.</summary>
    public int ImageLength => Height * Width * Channels;

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Labels => _labels.Span;

    /// <inheritdoc/>
    public override ImageSize? CommonSize => new ImageSize(Height, Width);

    /// <inheritdoc/>
    public override bool IsInMemory => true;

    /// <summary>The pixels of picture <paramref name="index"/>, [height, width, channels].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such picture.</exception>
    public ReadOnlySpan<byte> Image(int index) => _pixels.Span.Slice(index * ImageLength, ImageLength);

    /// <inheritdoc/>
    public override StoredImage Read(int index) => new(Height, Width, _pixels.Slice(index * ImageLength, ImageLength));

    /// <inheritdoc/>
    public override ImageSet Subset(ReadOnlySpan<int> indices, string name)
    {
        byte[] pixels = new byte[checked(indices.Length * ImageLength)];
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * ImageLength));
            labels[i] = Labels[indices[i]];
        }
        return new LabeledImages(name, Height, Width, Channels, pixels, labels, ClassNames);
    }

    /// <summary>Pictures <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> − 1, sharing the same memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within this set.</exception>
    public LabeledImages Slice(int start, int count, string name) =>
        new(name, Height, Width, Channels, _pixels.Slice(start * ImageLength, count * ImageLength), _labels.Slice(start, count), ClassNames);
}
