using AlexNetSharp.Images;

namespace AlexNetSharp.Tests.Images;

public sealed class JoinedImagesTests
{
    private static readonly LabeledImages Grey = new("grey", 1, 2, 1, new byte[] { 1, 2, 3, 4 }, new[] { 0, 1 }, ["a", "b"]);
    private static readonly StoredImages Mixed = new("mixed", 1, [new StoredImage(1, 1, new byte[] { 5 }), new StoredImage(2, 1, new byte[] { 6, 7 })], [1, 0], ["a", "b"]);

    [Fact]
    public void Read_EachPicture_ComesFromItsSetInOrder()
    {
        JoinedImages joined = new("joined", Grey, Mixed);

        Assert.Equal(("joined", 4, 1, true), (joined.Name, joined.Count, joined.Channels, joined.IsInMemory));
        Assert.Equal([0, 1, 1, 0], joined.Labels.ToArray());
        Assert.Equal([[1, 2], [3, 4], [5], [6, 7]], Enumerable.Range(0, 4).Select(i => joined.Read(i).Pixels.ToArray()));
        Assert.Null(joined.CommonSize);
        Assert.Equal(Mixed.Describe(1), joined.Describe(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => joined.Read(4));
    }

    [Fact]
    public void CommonSize_OfSetsOfOneSize_IsTheirs() => Assert.Equal(new ImageSize(1, 2), new JoinedImages("joined", Grey, Grey).CommonSize);

    [Fact]
    public void Subset_InAnyOrder_KeepsIt()
    {
        ImageSet some = new JoinedImages("joined", Grey, Mixed).Subset([3, 0, 3], "some");

        Assert.Equal([[6, 7], [1, 2], [6, 7]], Enumerable.Range(0, 3).Select(i => some.Read(i).Pixels.ToArray()));
        Assert.Equal([0, 0, 0], some.Labels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => some.Subset([3], "none"));
    }

    [Fact]
    public void Constructor_OtherClassesOrChannels_NamesBoth()
    {
        LabeledImages other = new("other", 1, 2, 1, new byte[2], new int[1], ["a", "c"]), color = new("color", 1, 1, 3, new byte[3], new int[1], ["a", "b"]);

        Assert.All([other, color], set => Assert.StartsWith($"'grey' has 1 channels and 2 classes, '{set.Name}'", Assert.Throws<ArgumentException>(() => new JoinedImages("joined", Grey, set)).Message));
    }
}
