namespace AlexNetSharp.Runs.Reports;

/// <summary>
/// Writes a chart as SVG whose lines stretch to any width while letters and strokes keep their size: places are in percent, and the lines lie in an inner
/// picture that is stretched without its strokes. Colours are the style sheet's.
/// </summary>
internal static class ChartSvg
{
    private const int Inner = 1000;

    public static void Add(Html html, Chart chart)
    {
        html.AddRaw("<figure class=\"chart\">");
        html.Add($"<h3>{chart.Title}</h3>");
        if (chart.Series.Length > 1)
        {
            html.AddRaw("<ul class=\"legend\">");
            foreach (Series series in chart.Series)
                html.Add($"<li class=\"{Name(series.Role)}\">{series.Name}</li>");
            html.AddRaw("</ul>");
        }
        html.Add($"<svg role=\"img\" aria-label=\"{Describe(chart)}\">");
        html.Add($"<text class=\"unit\" x=\"0\" y=\"0\" dy=\"-10\">{chart.Y.Label}</text>");
        foreach (Tick tick in chart.Y.Ticks)
        {
            double y = 100 * (1 - chart.Y.Place(tick.Value));
            html.Add($"<line x1=\"0\" x2=\"100%\" y1=\"{y:0.##}%\" y2=\"{y:0.##}%\"/><text class=\"left\" x=\"0\" dx=\"-8\" y=\"{y:0.##}%\" dy=\"4\">{tick.Label}</text>");
        }
        foreach (Tick tick in chart.X.Ticks)
            html.Add($"<text class=\"below\" x=\"{100 * chart.X.Place(tick.Value):0.##}%\" y=\"100%\" dy=\"18\">{tick.Label}</text>");
        html.Add($"<text class=\"below unit\" x=\"50%\" y=\"100%\" dy=\"36\">{chart.X.Label}</text>");
        html.Add($"<svg class=\"lines\" viewBox=\"0 0 {Inner} {Inner}\" preserveAspectRatio=\"none\" width=\"100%\" height=\"100%\">");
        foreach (Series series in chart.Series)
            html.Add($"<polyline class=\"{Name(series.Role)}\" points=\"{string.Join(' ', series.Points.Select(point => Coordinates(chart, point)))}\"/>");
        html.AddRaw("</svg>");
        foreach (Series series in chart.Series.Where(series => series.HasDots))
        {
            foreach (Point point in series.Points)
                html.Add($"<circle class=\"{Name(series.Role)}\" cx=\"{100 * chart.X.Place(point.Step):0.##}%\" cy=\"{100 * (1 - chart.Y.Place(point.Value)):0.##}%\" r=\"3.5\"/>");
        }
        AddTooltips(html, chart);
        html.AddRaw("</svg>");
        html.AddRaw("</figure>");
    }

    private static string Name(SeriesRole role) => role switch { SeriesRole.First => "first", SeriesRole.Second => "second", _ => "third" };

    private static string Coordinates(Chart chart, Point point) =>
        FormattableString.Invariant($"{Inner * chart.X.Place(point.Step):0.#},{Inner * (1 - chart.Y.Place(point.Value)):0.#}");

    // Strips over the whole height, from halfway to the step before to halfway to the next: wherever the pointer is, it says what is there.
    private static void AddTooltips(Html html, Chart chart)
    {
        int[] steps = [.. chart.Series.SelectMany(series => series.Points).Select(point => point.Step).Distinct().Order()];
        ILookup<int, string> told = chart.Series.SelectMany(series => series.Points.Select(point => (point.Step, Text: $"{series.Name} {chart.Format(point.Value)}"))).ToLookup(each => each.Step, each => each.Text);
        html.AddRaw("<g class=\"strips\">");
        for (int i = 0; i < steps.Length; i++)
        {
            double from = i == 0 ? 0 : 100 * chart.X.Place((steps[i - 1] + steps[i]) / 2.0), to = i == steps.Length - 1 ? 100 : 100 * chart.X.Place((steps[i] + steps[i + 1]) / 2.0);
            html.Add($"<rect x=\"{from:0.##}%\" y=\"0\" width=\"{to - from:0.##}%\" height=\"100%\"><title>step {steps[i]:N0}: {string.Join(", ", told[steps[i]])}</title></rect>");
        }
        html.AddRaw("</g>");
    }

    private static string Describe(Chart chart) => $"{chart.Title} over {Figures.Count((long)chart.X.Greatest)} steps. " + string.Join(" ", chart.Series.Select(series =>
        series.Points.Length == 1
            ? $"{series.Name}: {chart.Format(series.Points[0].Value)}."
            : $"{series.Name}: from {chart.Format(series.Points[0].Value)} to {chart.Format(series.Points[^1].Value)}, lowest {chart.Format(series.Points.Min(point => point.Value))}, highest {chart.Format(series.Points.Max(point => point.Value))}."));
}
