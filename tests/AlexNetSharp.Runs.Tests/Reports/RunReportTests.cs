using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AlexNetSharp.Data;
using AlexNetSharp.Images;
using AlexNetSharp.Runs.Reports;

namespace AlexNetSharp.Runs.Tests.Reports;

public sealed partial class RunReportTests
{
    private static readonly object[] Metrics =
    [
        new MinibatchMetric(100, 6_400, 0.9, 0.75, 0.25, 10), new EpochMetric(1, 150, 0.7, 0.8, 15), new MinibatchMetric(200, 12_800, 0.5, 0.875, 0.2, 20),
        new MinibatchMetric(300, 19_200, 0.4, 0.9, 0.1, 30), new EpochMetric(2, 300, 0.6, 0.85, 31), new TestMetric(300, 0.5, 0.75),
    ];

    [Fact]
    public void Write_RunWithATest_TellsItsFigures()
    {
        using BrightestRun run = new("left", "middle", "right");

        string page = run.Write(run.Test((0, 0, 255), (1, 1, 255), (2, 1, 255), (2, 2, 255)), Metrics);

        Assert.Equal(["brightest on rows done", "Key figures", "Curves", "Confusion", "Classes", "Mistakes", "Settings"], Headings(page));
        Assert.Equal(["75.00 %", "0.8014", "85.00 %", "19,200", "1 h 02 min", "5.2", "12"], Texts(page, KeyFigure()));
        Assert.Contains("4 images of rows/test", page, StringComparison.Ordinal);
        Assert.Contains("epoch 2 of 2", page, StringComparison.Ordinal);
        Assert.Equal(["1", "0", "0", "0", "1", "0", "0", "1", "1"], Texts(page, Cell()));
        Assert.Contains("title=\"true right, given middle: 1 of 2 (50.00 %)\"", page, StringComparison.Ordinal);
        // Precision, recall and F1 of the middle: 1/2, 1 and 2/3.
        Assert.Matches("middle</th><td[^>]*>1</td><td[^>]*>0.5000</td><td[^>]*>1.0000</td><td[^>]*>0.6667</td>", page);
        Assert.Contains("<th scope=\"row\">options.optimizer.type</th><td>sgd</td>", page, StringComparison.Ordinal);
        Assert.Contains("step 300: minibatch 0.4, validation 0.6", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RunWithATest_DrawsPlots()
    {
        using BrightestRun run = new("left", "middle", "right");

        run.Write(run.Test((0, 0, 255), (1, 2, 255)), Metrics);

        foreach ((string name, int height) in new[] { ("loss.png", 700), ("accuracy.png", 700), ("learning-rate.png", 700), ("confusion.png", 1200) })
        {
            Picture picture = PictureReader.Read(run.PlotPath(name));
            Assert.Equal((height, 1200), (picture.Height, picture.Width));
            Assert.True(picture.Rgb.ContainsAnyExcept(byte.MaxValue), name);
        }
        Assert.False(File.Exists(run.PlotPath("filters.png")), "The network has no convolution.");
    }

    [Fact]
    public void Write_Mistakes_AreShownTheSurestFirst()
    {
        using BrightestRun run = new("left", "middle", "right");

        string page = run.Write(run.Test((0, 1, 51), (0, 0, 255), (1, 2, 255)), Metrics);

        Assert.Contains("2 of 3 images were classified wrongly. Here they are", page, StringComparison.Ordinal);
        Assert.Equal(["middle, taken for right", "left, taken for middle"], Texts(page, Alternative()));
        Assert.Contains("57.61 % for right, 21.19 % for middle", page, StringComparison.Ordinal);
        StoredImage picture = PictureReader.DecodeStored(Convert.FromBase64String(Embedded().Match(page).Groups[1].Value), "embedded", 1);
        Assert.Equal([0, 0, 255], picture.Pixels.ToArray());
    }

    [Fact]
    public void Write_ManyMistakes_ShowsTwentyFour()
    {
        using BrightestRun run = new("left", "right");

        string page = run.Write(run.Test([.. Enumerable.Repeat((0, 1, (byte)200), 30)]), Metrics);

        Assert.Contains("30 of 30 images were classified wrongly. These are the 24 that the network was surest of", page, StringComparison.Ordinal);
        Assert.Equal(24, Alternative().Count(page));
    }

    [Fact]
    public void Write_NoMistakes_SaysSo()
    {
        using BrightestRun run = new("left", "right");

        string page = run.Write(run.Test((0, 0, 255), (1, 1, 255)), Metrics);

        Assert.Contains("No image of the test was classified wrongly.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoTest_LeavesOutWhatItWouldTell()
    {
        using BrightestRun run = new("left", "right");

        string page = run.Write(null, Metrics[..^1]);

        Assert.Equal(["brightest on rows done", "Key figures", "Curves", "Settings"], Headings(page));
        Assert.Contains("No test pictures were evaluated", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Test accuracy", page, StringComparison.Ordinal);
        Assert.False(File.Exists(run.PlotPath("confusion.png")));
    }

    [Fact]
    public void Write_NoValidation_DrawsMinibatchesAlone()
    {
        using BrightestRun run = new("left", "right");

        string page = run.Write(null, new MinibatchMetric(100, 6_400, 0.9, 0.75, 0.25, 10), new EpochMetric(1, 150, null, null, 15));

        Assert.Contains("There are no validation pictures", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Best validation", page, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(page, "<polyline"));
    }

    [Fact]
    public void Write_NoMetrics_SaysSo()
    {
        using BrightestRun run = new("left", "right");

        string page = run.Write(run.Test((0, 0, 255)));

        Assert.Contains("The run left no metrics", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Interrupted_SaysWhereItStoodAndHowItGoesOn()
    {
        using BrightestRun run = new("left", "right");
        run.Record = run.Record with { State = RunState.Interrupted, Resumed = [run.Record.Started.AddHours(2)] };

        string page = run.Write(null, Metrics[..^1]);

        Assert.Contains("stopped after step 300", page, StringComparison.Ordinal);
        Assert.Contains("alexnet train --resume", page, StringComparison.Ordinal);
        Assert.Contains("Begun 2026-01-02 03:04, resumed 2026-01-02 05:04.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NamesWithMarkup_AreShownAsTheyAre()
    {
        const string Name = "<script>alert(\"1\")</script>";
        using BrightestRun run = new(Name, "it's & more");
        run.Record = run.Record with { Data = "a<b>&\"c\"" };

        string page = run.Write(run.Test((0, 1, 255), (1, 0, 255)), Metrics);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([$"it's & more, taken for {Name}", $"{Name}, taken for it's & more"], Texts(page, Alternative()).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal("brightest on a<b>&\"c\"", WebUtility.HtmlDecode(Title().Match(page).Groups[1].Value));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(300)]
    public void Write_ManyClasses_DrawsTheMatrixAndNamesThePairsConfusedMost(int classes)
    {
        using BrightestRun run = new([.. Enumerable.Range(0, classes).Select(i => $"class {i}")]);

        string page = run.Write(run.Test([.. Enumerable.Range(0, classes).Select(i => (i, i, (byte)255)), (7, 9, 255), (7, 9, 255), (4, 3, 255)]), Metrics);

        Assert.Contains("class=\"matrix\"", page, StringComparison.Ordinal);
        Assert.Empty(Cell().Matches(page));
        Assert.Matches("<td>class 7</td><td>class 9</td><td[^>]*>2</td><td[^>]*>66.67 %</td></tr>\n<tr><td>class 4</td><td>class 3</td><td[^>]*>1</td><td[^>]*>50.00 %</td>", page);
        // Recall 1/3, the worst, stands first.
        Assert.Matches("<tbody>\n<tr><th scope=\"row\">class 7</th>", page);
        Assert.InRange(page.Length, 0, 400_000);
    }

    [Fact]
    public void Write_PictureGone_SaysSoInItsPlace()
    {
        using BrightestRun run = new("left", "right");
        FleetingImages images = new(new LabeledImages("rows/test", 1, 2, 1, new byte[] { 255, 0 }, new[] { 1 }, run.Classes));

        string page = run.Write(run.Test(images), Metrics);

        Assert.Contains("The picture can no longer be read.", page, StringComparison.Ordinal);
        Assert.Contains("<b>right</b>, taken for <b>left</b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LargePicture_IsMadeSmaller()
    {
        using BrightestRun run = new("left", "right");
        byte[] pixels = new byte[300 * 500];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i % 500 < 250 ? 200 : 0);

        string page = run.Write(run.Test(new StoredImages("rows/test", 1, [new StoredImage(300, 500, pixels)], [1], run.Classes)), Metrics);

        StoredImage picture = PictureReader.DecodeStored(Convert.FromBase64String(Embedded().Match(page).Groups[1].Value), "embedded", 1);
        Assert.Equal((120, 200), (picture.Height, picture.Width));
        Assert.Equal((200, 0), (picture.Pixels.Span[60 * 200], picture.Pixels.Span[(60 * 200) + 199]));
    }

    [Fact]
    public void Write_Page_AllowsItsOwnStyleAndPicturesAndNothingElse()
    {
        using BrightestRun run = new("left", "right");

        string page = run.Write(run.Test((0, 1, 255)), Metrics);

        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style().Match(page).Groups[1].Value)));
        Assert.Contains($"content=\"default-src 'none'; img-src data:; style-src 'sha256-{hash}'; ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.All(Regex.Matches(page, "(?:src|href)=\"([^\"]*)\"").Select(match => match.Groups[1].Value), source => Assert.StartsWith("data:", source, StringComparison.Ordinal));
    }

    [Fact]
    public void Write_Again_TakesTheOldOnesPlace()
    {
        using BrightestRun run = new("left", "right");
        string before = run.Write(run.Test((0, 1, 255)), Metrics);

        string path = RunReport.Write(Path.Combine(run.Folder, "run"), run.Network, run.Test((0, 0, 255)));

        Assert.NotEqual(before, File.ReadAllText(path));
    }

    [Fact]
    public void Write_NoRunsFolder_SaysSo()
    {
        using BrightestRun run = new("left", "right");

        Assert.Contains("run.json", Assert.Throws<FileNotFoundException>(() => RunReport.Write(run.Folder, run.Network, null)).Message, StringComparison.Ordinal);
    }

    private static string[] Headings(string page) => Texts(page, Heading());

    // Without the tags within.
    private static string[] Texts(string page, Regex of) => [.. of.Matches(page).Select(match => WebUtility.HtmlDecode(Regex.Replace(match.Groups[1].Value, "<[^>]*>", "")))];

    [GeneratedRegex("<h[12]>(.*)</h[12]>")]
    private static partial Regex Heading();

    [GeneratedRegex("</dt><dd>([^<]*)</dd>")]
    private static partial Regex KeyFigure();

    [GeneratedRegex("<td class=\"[rw][0-9]+\"[^>]*>([0-9]+)</td>")]
    private static partial Regex Cell();

    [GeneratedRegex("<img alt=\"([^\"]*)\"")]
    private static partial Regex Alternative();

    [GeneratedRegex("<img alt=\"[^\"]*\" src=\"data:image/png;base64,([^\"]*)\"")]
    private static partial Regex Embedded();

    [GeneratedRegex("<title>(.*)</title>")]
    private static partial Regex Title();

    [GeneratedRegex("<style>(.*)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
