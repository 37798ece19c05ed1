using System.Collections.Immutable;

namespace AlexNetSharp.Runs.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Role">What it looks like.</param>
/// <param name="Points">In the order of the steps.</param>
internal sealed record Series(string Name, SeriesRole Role, ImmutableArray<Point> Points)
{
    // A line through fewer shows them as dots too, so that a single one is seen at all.
    private const int FewPoints = 60;

    public bool HasDots => Points.Length <= FewPoints;
}

/// <summary>A value at a step.</summary>
internal readonly record struct Point(int Step, double Value);

/// <summary>The colours of lines.</summary>
internal enum SeriesRole
{
    First,
    Second,
    Third,
}
