using System.Collections.Immutable;

namespace AlexNetSharp.Images;

/// <summary>Pictures of any sizes with their labels, held in memory as bytes.</summary>
public sealed class StoredImages : ImageSet
{
    private readonly ImmutableArray<StoredImage> _images;
    private readonly ImmutableArray<int> _labels;

    /// <summary>Wraps pictures and labels without copying the pixels.</summary>
    /// <param name="name">What errors and reports call this set, for example <c>flowers/test</c>.</param>
    /// <param name="channels">Values of a pixel, in all pictures: 1 for grey, 3 for RGB.</param>
    /// <param name="images">The pictures.</param>
    /// <param name="labels">[count], each an index into <paramref name="classNames"/>.</param>
    /// <param name="classNames">One name a class.</param>
    /// <exception cref="ArgumentException">A size is below one, the lengths disagree, or a label is out of range.</exception>
    public StoredImages(string name, int channels, ImmutableArray<StoredImage> images, ImmutableArray<int> labels, ImmutableArray<string> classNames)
        : base(name, channels, classNames)
    {
        if (images.Length != labels.Length)
            throw new ArgumentException($"'{name}': {images.Length} pictures, but {labels.Length} labels; each picture needs one.", nameof(labels));
        for (int i = 0; i < images.Length; i++)
        {
            (int height, int width, ReadOnlyMemory<byte> pixels) = images[i];
            if (height < 1 || width < 1 || pixels.Length != (long)height * width * channels)
                throw new ArgumentException($"'{name}': picture {i} has {pixels.Length} bytes, but {height}x{width}x{channels} needs {(long)height * width * channels}.", nameof(images));
            if ((uint)labels[i] >= (uint)classNames.Length)
                throw new ArgumentException($"'{name}': picture {i} has label {labels[i]}, but there are {classNames.Length} classes (0 to {classNames.Length - 1}).", nameof(labels));
        }
        _images = images;
        _labels = labels;
        ImageSize[] sizes = [.. images.Select(image => new ImageSize(image.Height, image.Width)).Distinct().Take(2)];
        CommonSize = sizes.Length == 1 ? sizes[0] : null;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<int> Labels => _labels.AsSpan();

    /// <inheritdoc/>
    public override ImageSize? CommonSize { get; }

    /// <inheritdoc/>
    public override bool IsInMemory => true;

    /// <inheritdoc/>
    public override StoredImage Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _images[index];
    }

    /// <inheritdoc/>
    public override ImageSet Subset(ReadOnlySpan<int> indices, string name)
    {
        StoredImage[] images = new StoredImage[indices.Length];
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            images[i] = Read(indices[i]);
            labels[i] = _labels[indices[i]];
        }
        return new StoredImages(name, Channels, [.. images], [.. labels], ClassNames);
    }
}
