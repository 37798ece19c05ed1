using System.Collections.Immutable;

namespace AlexNetSharp.Augmentation;

/// <summary>One way to look at a picture in evaluation.</summary>
/// <param name="Row">Where the view lies within a larger picture: −1 at the top, 0 in the middle, 1 at the bottom.</param>
/// <param name="Column">−1 at the left, 0 in the middle, 1 at the right.</param>
/// <param name="Mirrored">Whether left and right are exchanged.</param>
/// <param name="Down">Pixels of the input by which the view is moved down within the picture.</param>
/// <param name="Right">Pixels by which it is moved to the right.</param>
/// <param name="Degrees">The angle by which the picture is turned about the view's centre.</param>
/// <param name="Enlarged">By which share it is larger than it is, above −1: 0.1 for a tenth.</param>
public readonly record struct TestView(int Row = 0, int Column = 0, bool Mirrored = false, int Down = 0, int Right = 0, float Degrees = 0, float Enlarged = 0)
{
    /// <summary>The picture as a model is meant to see it.</summary>
    public static TestView Center => default;
}

/// <summary>The views of a picture whose probabilities an evaluation averages.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Views">The views.</param>
public sealed record TestTimeAugmentation(string Name, ImmutableArray<TestView> Views)
{
    /// <summary>The centre alone.</summary>
    public static TestTimeAugmentation None { get; } = new("none", [TestView.Center]);

    /// <summary>The centre and its mirror image: not for glyphs.</summary>
    public static TestTimeAugmentation Flip { get; } = new("flip", [TestView.Center, new(Mirrored: true)]);

    /// <summary>Four corners and the centre, each also mirrored (Krizhevsky et al. 2012, §4.1). Where a picture leaves no room, corners are the centre.</summary>
    public static TestTimeAugmentation TenCrop { get; } = new("ten-crop", [.. Mirror([new(), new(-1, -1), new(-1, 1), new(1, -1), new(1, 1)])]);

    /// <summary>The centre and its eight neighbours one pixel away, for small pictures.</summary>
    public static TestTimeAugmentation Shifts { get; } = new("shifts", [.. from down in new[] { 0, -1, 1 } from right in new[] { 0, -1, 1 } select new TestView(Down: down, Right: right)]);

    /// <summary>Those nine, each also mirrored.</summary>
    public static TestTimeAugmentation FlipShifts { get; } = new("flip-shifts", [.. Mirror([.. Shifts.Views])]);

    /// <summary>Those nine, and the picture turned by up to eight degrees and made up to seven hundredths larger or smaller: for glyphs.</summary>
    public static TestTimeAugmentation Glyphs { get; } = new("glyphs",
    [
        .. Shifts.Views,
        .. from degrees in new[] { -8f, 0, 8 } from enlarged in new[] { -0.07f, 0, 0.07f } where degrees != 0 || enlarged != 0 select new TestView(Degrees: degrees, Enlarged: enlarged),
    ]);

    /// <summary>All of them.</summary>
    public static ImmutableArray<TestTimeAugmentation> All { get; } = [None, Flip, TenCrop, Shifts, FlipShifts, Glyphs];

    /// <summary>The one of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static TestTimeAugmentation Find(string name) =>
        All.FirstOrDefault(candidate => candidate.Name == name)
        ?? throw new ArgumentException($"There is no test-time augmentation '{name}'. Choose one of {string.Join(", ", All.Select(candidate => candidate.Name))}.");

    private static IEnumerable<TestView> Mirror(TestView[] views) => views.SelectMany(view => new[] { view, view with { Mirrored = true } });
}
