using AlexNetSharp.Images;

namespace AlexNetSharp.Runs.Tests.Reports;

/// <summary>Pictures that can be read once.</summary>
internal sealed class FleetingImages(LabeledImages images) : ImageSet(images.Name, images.Channels, images.ClassNames)
{
    private readonly HashSet<int> _read = [];

    public override ReadOnlySpan<int> Labels => images.Labels;

    public override ImageSize? CommonSize => images.CommonSize;

    public override bool IsInMemory => true;

    public override StoredImage Read(int index) => _read.Add(index) ? images.Read(index) : throw new FileNotFoundException("It is gone.");

    public override ImageSet Subset(ReadOnlySpan<int> indices, string name) => throw new NotSupportedException();
}
