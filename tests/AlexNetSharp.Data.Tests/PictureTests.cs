namespace AlexNetSharp.Data.Tests;

public sealed class PictureTests
{
    /// <summary>Sums of a few single-precision weights.</summary>
    private const float Tolerance = 1e-6f;

    [Fact]
    public void Resize_SameSize_GivesThePixels()
    {
        Picture picture = new("p", 1, 2, new byte[] { 255, 0, 51, 102, 102, 102 });

        Assert.Equal([1f, 0f, 0.2f, 0.4f, 0.4f, 0.4f], picture.Resize(1, 2, 3));
        Assert.Equal([(0.299f * 255 + 0.114f * 51) / 255, 0.4f], picture.Resize(1, 2, 1), Close);
    }

    [Fact]
    public void Resize_Smaller_AveragesAreas()
    {
        Picture picture = new("p", 1, 3, new byte[] { 0, 0, 0, 255, 255, 255, 255, 255, 255 });

        // Each half covers a pixel and a half.
        Assert.Equal([1 / 3f, 1f], picture.Resize(1, 2, 1), Close);
    }

    [Fact]
    public void Resize_Larger_Interpolates()
    {
        Picture picture = new("p", 2, 1, new byte[] { 0, 0, 0, 255, 255, 255 });

        Assert.Equal([0f, 0.25f, 0.75f, 1f], picture.Resize(4, 1, 1), Close);
    }

    [Fact]
    public void Resize_AnySize_KeepsAnEvenPicture()
    {
        byte[] even = new byte[7 * 5 * 3];
        even.AsSpan().Fill(51);
        Picture picture = new("p", 7, 5, even);

        foreach ((int height, int width) in new[] { (1, 1), (3, 5), (28, 28), (6, 4), (7, 13) })
            Assert.All(picture.Resize(height, width, 3), value => Assert.Equal(0.2f, value, Tolerance));
    }

    [Fact]
    public void Resize_TwoChannels_SaysWhatThereIs()
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => new Picture("p", 1, 1, new byte[3]).Resize(1, 1, 2));

        Assert.Contains("1 channel (grey) or 3 (RGB), not 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_WrongLength_SaysWhatIsNeeded()
    {
        Assert.Contains("5 bytes, but 1x2 pixels of RGB need 6", Assert.Throws<ArgumentException>(() => new Picture("p", 1, 2, new byte[5])).Message, StringComparison.Ordinal);
    }

    private static bool Close(float expected, float actual) => Math.Abs(expected - actual) <= Tolerance;
}
