using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace AlexNetSharp.Cli.Tests;

/// <summary>The report of a real run, opened from the disk in Debian's Chromium.</summary>
[Collection(TrainedModelTests.Name)]
public sealed class ReportInBrowserTests(TrainedModel model)
{
    private const string Chromium = "/usr/bin/chromium";

    [Theory]
    [InlineData(1280, 900, ColorScheme.Light, "rgb(255, 255, 255)")]
    [InlineData(390, 844, ColorScheme.Dark, "rgb(18, 22, 28)")]
    public async Task Report_FromTheDisk_ShowsAllItsPartsAndFits(int width, int height, ColorScheme colors, string background)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"Debian's package chromium is not installed: no {Chromium}.");
        using IPlaywright playwright = await Playwright.CreateAsync();
        // As root, Chromium starts without its sandbox only.
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        IPage page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = colors });
        ConcurrentQueue<string> faults = new(), requests = new();
        page.Console += (_, message) => faults.Enqueue(message.Text);
        page.PageError += (_, error) => faults.Enqueue(error);
        page.RequestFailed += (_, request) => faults.Enqueue(request.Url);
        page.Request += (_, request) => requests.Enqueue(request.Url);
        string address = new Uri(Path.Combine(model.Folder, "report.html")).AbsoluteUri;

        await page.GotoAsync(address);

        Assert.Empty(faults);
        Assert.Equal([address], requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)));
        Assert.Equal(background, await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.StartsWith($"alexnet-mnist on {model.Data}", await page.Locator("h1").InnerTextAsync(), StringComparison.Ordinal);

        string[] charts = [.. (await page.Locator(".chart > svg[role=img]").AllAsync()).Select(chart => chart.GetAttributeAsync("aria-label").Result!)];
        Assert.Collection(
            charts,
            loss => Assert.Matches(@"^Loss over 138 steps\. minibatch: [\d.]+\. validation: [\d.]+\.$", loss),
            accuracy => Assert.Matches(@"^Accuracy over 138 steps\. minibatch: [\d.]+ %\. validation: [\d.]+ %\.$", accuracy),
            rate => Assert.StartsWith("Learning rate over 138 steps", rate, StringComparison.Ordinal));
        // A line each, and here, where the run has left a single value of each, a dot that is to be seen.
        Assert.Equal(5, await page.Locator(".chart polyline").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("""
            [...document.querySelectorAll(".chart > svg")].every(chart => {
                const frame = chart.getBoundingClientRect(), dots = [...chart.querySelectorAll("circle")].map(dot => dot.getBoundingClientRect());
                return frame.width > 150 && frame.height > 150 && dots.length > 0
                    && dots.every(dot => dot.left >= frame.left - 5 && dot.right <= frame.right + 5 && dot.top >= frame.top - 5 && dot.bottom <= frame.bottom + 5);
            })
            """));

        Assert.Equal(100, await page.Locator("table.confusion tbody td").CountAsync());
        int[] cells = await page.EvaluateAsync<int[]>("[...document.querySelectorAll('table.confusion tbody td')].map(cell => Number(cell.textContent))");
        Assert.Equal(TrainedModel.TestImages, cells.Sum());
        Assert.True(await page.EvaluateAsync<bool>("""
            [...document.querySelectorAll("table.confusion tbody tr")].every((row, i) => getComputedStyle(row.cells[i + 1]).backgroundColor !== getComputedStyle(document.body).backgroundColor)
            """));

        int wrong = cells.Where((_, i) => i / 10 != i % 10).Sum();
        Assert.Equal(Math.Min(wrong, 24), await page.Locator(".mistakes img").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("[...document.images].every(picture => picture.complete && picture.naturalWidth > 0 && picture.alt !== '' && picture.getBoundingClientRect().width > 20)"));
        Assert.Equal(1, await page.Locator("img.filters").CountAsync());
        Assert.Equal(10, await page.Locator("#classes tbody tr").CountAsync());
        Assert.Contains(await page.Locator("#settings th").AllInnerTextsAsync(), name => name == "options.learning_rate");
        Assert.Matches(new Regex(@"^[\d.]+ %$"), await page.Locator(".key dd").First.InnerTextAsync());
    }
}
