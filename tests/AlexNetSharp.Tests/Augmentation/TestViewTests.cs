using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class TestViewTests
{
    private const int Input = 8;
    private const int Room = 4;

    private static readonly FeatureShape Shape = new(Input, Input, 1);
    private static readonly Preprocessing Larger = new() { Fit = PictureFit.Crop, ResizeTo = Input + Room };

    // Of the size that it is resized to, so that views copy pixels.
    private static readonly StoredImage Picture = Pictures.Noise(1, Input + Room, Input + Room, 1, low: 1);

    [Fact]
    public void TenCrop_OfALargerPicture_IsCornersAndCentreEachMirrored()
    {
        (int Top, int Left)[] places = [(2, 2), (0, 0), (0, Room), (Room, 0), (Room, Room)];
        float[][] expected = [.. from place in places from mirrored in new[] { false, true }
                                 select Pictures.Moved(Picture, Shape, (row, column) => (row + place.Top, (mirrored ? Input - 1 - column : column) + place.Left))];

        Assert.Equal(expected, TestTimeAugmentation.TenCrop.Views.Select(view => Pictures.View(Shape, Picture, Larger, view: view)));
    }

    [Fact]
    public void TenCrop_OfALargePicture_ResizesItFirst()
    {
        // Twice as large each way: every pixel of the resized picture is the average of four.
        StoredImage large = Pictures.Noise(2, 2 * (Input + Room), 2 * (Input + Room), 1);
        float[] corner = Pictures.View(Shape, large, Larger, view: new TestView(1, -1));

        for (int row = 0; row < Input; row++)
        {
            for (int column = 0; column < Input; column++)
            {
                int top = 2 * (row + Room), left = 2 * column, width = large.Width;
                ReadOnlySpan<byte> pixels = large.Pixels.Span;
                double sum = pixels[(top * width) + left] + pixels[(top * width) + left + 1] + pixels[((top + 1) * width) + left] + pixels[((top + 1) * width) + left + 1];
                Assert.Equal(sum / 4 / 255, corner[(row * Input) + column], 1e-6);
            }
        }
    }

    [Fact]
    public void TenCrop_OfAStretchedPicture_HasNoRoomForCorners()
    {
        float[] centre = Pictures.View(Shape, Picture);

        Assert.Equal(2, TestTimeAugmentation.TenCrop.Views.Select(view => string.Join(' ', Pictures.View(Shape, Picture, view: view))).Distinct().Count());
        Assert.All(TestTimeAugmentation.TenCrop.Views.Where(view => !view.Mirrored), view => Assert.Equal(centre, Pictures.View(Shape, Picture, view: view)));
    }

    [Fact]
    public void Shifts_OfAPicture_AreAllPlacesUpToAPixelAway()
    {
        StoredImage same = Pictures.Noise(3, Input, Input, 1, low: 1);

        string[] seen = [.. TestTimeAugmentation.Shifts.Views.Select(view => string.Join(' ', Pictures.View(Shape, same, view: view)))];

        Assert.Equal(string.Join(' ', Pictures.View(Shape, same)), seen[0]);
        Assert.Equal(
            (from down in new[] { -1, 0, 1 } from right in new[] { -1, 0, 1 } select string.Join(' ', Pictures.Moved(same, Shape, (row, column) => (row + down, column + right)))).Order(StringComparer.Ordinal),
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Flip_OfAPicture_IsItAndItsMirrorImage() =>
        Assert.Equal(
            [Pictures.Moved(Picture, Shape, (row, column) => (row + 2, column + 2)), Pictures.Moved(Picture, Shape, (row, column) => (row + 2, Input + 1 - column))],
            TestTimeAugmentation.Flip.Views.Select(view => Pictures.View(Shape, Picture, Larger, view: view)));

    [Fact]
    public void FlipShifts_OfAPicture_AreTheShiftsAndTheirMirrorImages()
    {
        float[][] shifts = [.. TestTimeAugmentation.Shifts.Views.Select(view => Pictures.View(Shape, Picture, Larger, view: view))];
        float[][] mirrored = [.. TestTimeAugmentation.Shifts.Views.Select(view => Pictures.View(Shape, Picture, Larger, view: view with { Mirrored = true }))];

        Assert.Equal(shifts.Zip(mirrored).SelectMany(pair => new[] { pair.First, pair.Second }), TestTimeAugmentation.FlipShifts.Views.Select(view => Pictures.View(Shape, Picture, Larger, view: view)));
    }

    [Fact]
    public void View_TurnedByAQuarter_TurnsThePicture()
    {
        // The input's corner at the top left shows what stands at the bottom left: a turn to the right.
        StoredImage same = Pictures.Noise(4, Input, Input, 1, low: 1);

        float[] turned = Pictures.View(Shape, same, view: new TestView(Degrees: 90));

        Assert.All(turned.Zip(Pictures.Moved(same, Shape, (row, column) => (Input - 1 - column, row))), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void View_EnlargedToTwice_ShowsTheMiddle()
    {
        // Each row holds its number, so between rows the view holds what lies between.
        StoredImage rows = Pictures.Of(Input, Input, 1, (row, _, _) => 10 * row);

        float[] view = Pictures.View(Shape, rows, view: new TestView(Enlarged: 1));

        for (int row = 0; row < Input; row++)
            Assert.Equal(10 * (((row + 0.5) / 2) + (Input / 4) - 0.5) / 255, view[row * Input], 1e-5);
    }

    [Fact]
    public void Glyphs_OfAPicture_BeginWithTheShiftsAndEndWithTurnsAndSizes()
    {
        Assert.Equal(TestTimeAugmentation.Shifts.Views, TestTimeAugmentation.Glyphs.Views.Take(9));
        Assert.All(TestTimeAugmentation.Glyphs.Views.Skip(9), view => Assert.True(view.Degrees != 0 || view.Enlarged != 0));
        Assert.Equal(0, TestTimeAugmentation.Glyphs.Views.Sum(view => view.Degrees));
    }

    [Fact]
    public void Find_NameOfEach_GivesItAndAnotherListsAll()
    {
        Assert.All(TestTimeAugmentation.All, one => Assert.Same(one, TestTimeAugmentation.Find(one.Name)));
        Assert.Equal([1, 2, 10, 9, 18, 17], TestTimeAugmentation.All.Select(one => one.Views.Distinct().Count()));
        Assert.Equal(
            "There is no test-time augmentation '10-crop'. Choose one of none, flip, ten-crop, shifts, flip-shifts, glyphs.",
            Assert.Throws<ArgumentException>(() => TestTimeAugmentation.Find("10-crop")).Message);
    }
}
