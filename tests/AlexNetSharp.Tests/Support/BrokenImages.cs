using AlexNetSharp.Images;

namespace AlexNetSharp.Tests.Support;

/// <summary>Pictures some of which cannot be read.</summary>
internal sealed class BrokenImages(LabeledImages images, Func<int, bool> isBroken, bool isInMemory = true)
    : ImageSet(images.Name, images.Channels, images.ClassNames)
{
    public override ReadOnlySpan<int> Labels => images.Labels;

    public override ImageSize? CommonSize => images.CommonSize;

    public override bool IsInMemory => isInMemory;

    public override StoredImage Read(int index) =>
        isBroken(index) ? throw new InvalidDataException($"{Describe(index)}: torn.") : images.Read(index);

    public override ImageSet Subset(ReadOnlySpan<int> indices, string name) => throw new NotSupportedException();
}
