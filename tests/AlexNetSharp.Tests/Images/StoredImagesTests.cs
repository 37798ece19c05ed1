using AlexNetSharp.Images;

namespace AlexNetSharp.Tests.Images;

public sealed class StoredImagesTests
{
    private static readonly StoredImage Small = new(1, 2, new byte[] { 1, 2, 3, 4, 5, 6 }), Tall = new(3, 1, new byte[9]);

    [Fact]
    public void Read_PicturesOfTwoSizes_GivesEachAsItIs()
    {
        StoredImages images = new("mine", 3, [Small, Tall], [1, 0], ["a", "b"]);

        Assert.Equal((2, null, true), (images.Count, images.CommonSize, images.IsInMemory));
        Assert.Equal(Small, images.Read(0));
        Assert.Equal(Tall, images.Read(1));
        Assert.Equal([1, 0], images.Labels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Read(2));
    }

    [Fact]
    public void Subset_OneSize_HasIt()
    {
        ImageSet part = new StoredImages("mine", 3, [Small, Tall, Small], [1, 0, 0], ["a", "b"]).Subset([2, 0], "part");

        Assert.Equal(("part", new ImageSize(1, 2)), (part.Name, part.CommonSize));
        Assert.Equal([0, 1], part.Labels.ToArray());
    }

    [Fact]
    public void Create_WhatDoesNotFit_IsNamed()
    {
        Assert.Contains("2 pictures, but 1 labels", Refusal(() => new StoredImages("mine", 3, [Small, Tall], [0], ["a"])), StringComparison.Ordinal);
        Assert.Contains("picture 1 has label 1", Refusal(() => new StoredImages("mine", 3, [Small, Tall], [0, 1], ["a"])), StringComparison.Ordinal);
        Assert.Contains("picture 0 has 6 bytes, but 1x2x1 needs 2", Refusal(() => new StoredImages("mine", 1, [Small], [0], ["a"])), StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> create) => Assert.Throws<ArgumentException>(create).Message;
}
