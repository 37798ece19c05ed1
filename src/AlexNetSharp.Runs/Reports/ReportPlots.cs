using AlexNetSharp.Training;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace AlexNetSharp.Runs.Reports;

/// <summary>Draws the report's plots as PNG, for papers and mails. Where the system has no font at all they come without letters.</summary>
internal static class ReportPlots
{
    private const int Width = 1200, Height = 700;
    private const float Scale = 1.5f;

    // Larger matrices have no room for numbers in their cells, and then for names beside them.
    private const int MostNumbers = 12, MostNames = 40;

    // The first that the system has.
    private static readonly string[] Fonts = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Segoe UI", "Helvetica", "Arial"];

    private static readonly Color Ink = Color.FromHex("#1c2430");

    public static byte[] Draw(Chart chart)
    {
        using Plot plot = Create(chart.Title);
        foreach (Series series in chart.Series)
        {
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(
                series.Points.Select(point => (double)point.Step).ToArray(), series.Points.Select(point => OnAxis(chart.Y, point.Value)).ToArray(), ColorOf(series.Role));
            line.LineWidth = 2;
            line.MarkerSize = series.HasDots ? 6 : 0;
            line.LegendText = series.Name;
        }
        plot.Axes.Bottom.TickGenerator = Ticks(chart.X);
        plot.Axes.Left.TickGenerator = Ticks(chart.Y);
        plot.XLabel(chart.X.Label);
        plot.YLabel(chart.Y.Label);
        double low = OnAxis(chart.Y, chart.Y.Least), high = OnAxis(chart.Y, chart.Y.Greatest), room = 0.02 * (high - low);
        plot.Axes.SetLimits(chart.X.Least, chart.X.Greatest * 1.01, low - room, high + room);
        if (chart.Series.Length > 1)
            plot.ShowLegend(Edge.Right).Legend.ShadowColor = Colors.Transparent;
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    /// <summary>The share of each class's pictures that were given each label.</summary>
    public static byte[] DrawConfusion(Evaluation evaluation)
    {
        int classes = evaluation.PerClass.Count;
        double[,] depths = new double[classes, classes];
        using Plot plot = Create("Confusion");
        for (int row = 0; row < classes; row++)
        {
            for (int column = 0; column < classes; column++)
            {
                depths[row, column] = ConfusionTable.Depth(ConfusionTable.Share(evaluation, row, column));
                if (classes > MostNumbers)
                    continue;
                ScottPlot.Plottables.Text text = plot.Add.Text($"{evaluation.Confusion[row][column]}", column, classes - 1 - row);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontSize = 11;
                text.LabelFontColor = depths[row, column] > 0.6 ? Colors.White : Ink;
            }
        }
        ScottPlot.Plottables.Heatmap heat = plot.Add.Heatmap(depths);
        heat.Colormap = new ScottPlot.Colormaps.CustomInterpolated([Colors.White, Color.FromHex("#7fb0e6"), Color.FromHex("#1f5fa8"), Color.FromHex("#0b2545")]);
        heat.ManualRange = new ScottPlot.Range(0, 1);
        plot.MoveToBottom(heat);
        if (classes <= MostNames)
        {
            string[] names = [.. evaluation.PerClass.Select(each => each.Label)];
            plot.Axes.Bottom.TickGenerator = new NumericManual([.. Enumerable.Range(0, classes).Select(i => (double)i)], names);
            plot.Axes.Left.TickGenerator = new NumericManual([.. Enumerable.Range(0, classes).Select(i => (double)(classes - 1 - i))], names);
            if (names.Any(name => name.Length > 3))
            {
                plot.Axes.Bottom.TickLabelStyle.Rotation = -60;
                plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            }
        }
        plot.HideGrid();
        plot.XLabel("given");
        plot.YLabel("true class");
        plot.Axes.SetLimits(-0.5, classes - 0.5, -0.5, classes - 0.5);
        return plot.GetImageBytes(Width, Width, ImageFormat.Png);
    }

    private static Plot Create(string title)
    {
        Plot plot = new() { ScaleFactor = Scale };
        if (Fonts.Intersect(SKFontManager.Default.FontFamilies).FirstOrDefault() is string font)
            plot.Font.Set(font);
        plot.Axes.Color(Ink);
        plot.Title(title);
        return plot;
    }

    private static Color ColorOf(SeriesRole role) => Color.FromHex(role switch { SeriesRole.First => "#2f74c0", SeriesRole.Second => "#c2570c", _ => "#2f7d4f" });

    private static double OnAxis(Axis axis, double value) => axis.IsLogarithmic ? Math.Log10(Math.Max(value, axis.Least)) : value;

    private static NumericManual Ticks(Axis axis) => new([.. axis.Ticks.Select(tick => OnAxis(axis, tick.Value))], [.. axis.Ticks.Select(tick => tick.Label)]);
}
