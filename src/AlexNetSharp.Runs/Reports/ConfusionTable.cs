using AlexNetSharp.Data;
using AlexNetSharp.Images;
using AlexNetSharp.Training;

namespace AlexNetSharp.Runs.Reports;

/// <summary>
/// Which classes are taken for which. Up to <see cref="MostClasses"/> classes are a table of all cells. More are a picture with a dot for each cell, and a table
/// of the pairs that are confused most.
/// </summary>
internal static class ConfusionTable
{
    public const int MostClasses = 20;

    private const int MostPairs = 30;

    // Shades of a cell, which the style sheet has.
    private const int Shades = 10;

    // Small pictures are enlarged by a whole factor to about this many pixels a side.
    private const int ReadableSide = 600;

    private const int Colors = 3;

    /// <summary>The share of a class's pictures that were given a label.</summary>
    public static double Share(Evaluation evaluation, int label, int given) =>
        evaluation.PerClass[label].Images == 0 ? 0 : (double)evaluation.Confusion[label][given] / evaluation.PerClass[label].Images;

    /// <summary>How deep the colour of a share is, 0 to 1.</summary>
    /// <remarks>Its cube root, or single mistakes among a thousand pictures could not be told from none.</remarks>
    public static double Depth(double share) => Math.Cbrt(share);

    public static void Add(Html html, Evaluation evaluation)
    {
        html.AddRaw("<section id=\"confusion\">");
        html.AddRaw("<h2>Confusion</h2>");
        if (evaluation.PerClass.Count <= MostClasses)
        {
            html.AddRaw("<p>A row is a true class, a column the label that its pictures were given. What is right is blue, what is wrong orange, the deeper, the larger its share of the row.</p>");
            AddCells(html, evaluation);
        }
        else
        {
            html.AddRaw("<p>A row of dots is a true class, a column the label that its pictures were given. What is right is blue, what is wrong orange, the deeper, the larger its share of the row. Below are the pairs that are confused most.</p>");
            string picture = Convert.ToBase64String(PictureWriter.EncodePng(Draw(evaluation), Colors));
            html.Add($"<p><img class=\"matrix\" alt=\"Matrix of {evaluation.PerClass.Count} true classes by the labels given to their pictures\" src=\"data:image/png;base64,{picture}\"></p>");
            AddPairs(html, evaluation);
        }
        html.AddRaw("</section>");
    }

    private static void AddCells(Html html, Evaluation evaluation)
    {
        int classes = evaluation.PerClass.Count;
        string size = evaluation.PerClass.Any(each => each.Label.Length > 3) ? "confusion long" : "confusion";
        html.AddRaw("<div class=\"scroll\" role=\"region\" aria-label=\"Confusion matrix\" tabindex=\"0\">");
        html.Add($"<table class=\"{size}\">");
        html.AddRaw("<thead><tr><td></td>");
        foreach (ClassEvaluation each in evaluation.PerClass)
            html.Add($"<th scope=\"col\"><span>{each.Label}</span></th>");
        html.AddRaw("</tr></thead><tbody>");
        for (int row = 0; row < classes; row++)
        {
            html.Add($"<tr><th scope=\"row\">{evaluation.PerClass[row].Label}</th>");
            for (int column = 0; column < classes; column++)
            {
                double share = Share(evaluation, row, column);
                int count = evaluation.Confusion[row][column];
                string about = $"true {evaluation.PerClass[row].Label}, given {evaluation.PerClass[column].Label}: {Figures.Count(count)} of {Figures.Count(evaluation.PerClass[row].Images)} ({Figures.Percent(share)})";
                html.Add($"<td class=\"{(row == column ? 'r' : 'w')}{Shade(share)}\" title=\"{about}\">{count}</td>");
            }
            html.AddRaw("</tr>");
        }
        html.AddRaw("</tbody></table></div>");
    }

    private static void AddPairs(Html html, Evaluation evaluation)
    {
        var pairs = (from label in Enumerable.Range(0, evaluation.PerClass.Count)
                     from given in Enumerable.Range(0, evaluation.PerClass.Count)
                     where label != given && evaluation.Confusion[label][given] > 0
                     orderby evaluation.Confusion[label][given] descending, label, given
                     select (label, given)).Take(MostPairs).ToList();
        if (pairs.Count == 0)
            return;
        html.AddRaw("<div class=\"scroll tall\" role=\"region\" aria-label=\"Pairs confused most\" tabindex=\"0\"><table class=\"figures\">");
        html.AddRaw("<thead><tr><th scope=\"col\">True</th><th scope=\"col\">Given</th><th scope=\"col\" class=\"number\">Images</th><th scope=\"col\" class=\"number\">Share of the class</th></tr></thead><tbody>");
        foreach ((int label, int given) in pairs)
            html.Add($"<tr><td>{evaluation.PerClass[label].Label}</td><td>{evaluation.PerClass[given].Label}</td><td class=\"number\">{evaluation.Confusion[label][given]:N0}</td><td class=\"number\">{Figures.Percent(Share(evaluation, label, given))}</td></tr>");
        html.AddRaw("</tbody></table></div>");
    }

    private static int Shade(double share) => (int)Math.Ceiling(Shades * Depth(share));

    private static StoredImage Draw(Evaluation evaluation)
    {
        int classes = evaluation.PerClass.Count, scale = Math.Max(1, ReadableSide / classes), side = classes * scale;
        byte[] pixels = new byte[checked(side * side * Colors)];
        for (int i = 0; i < side * side; i++)
        {
            int row = i / side / scale, column = i % side / scale;
            float depth = (float)Depth(Share(evaluation, row, column));
            (byte red, byte green, byte blue) = row == column ? ((byte)31, (byte)95, (byte)168) : ((byte)194, (byte)70, (byte)0);
            Span<byte> pixel = pixels.AsSpan(i * Colors, Colors);
            (pixel[0], pixel[1], pixel[2]) = (Blend(red), Blend(green), Blend(blue));

            byte Blend(byte deepest) => (byte)MathF.Round(float.Lerp(byte.MaxValue, deepest, depth));
        }
        return new StoredImage(side, side, pixels);
    }
}
