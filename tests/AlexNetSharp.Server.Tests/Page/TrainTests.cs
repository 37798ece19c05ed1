using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AlexNetSharp.Server.Tests.Page;

/// <summary>Training from the page, in real processes.</summary>
[Collection(PageTests.Name)]
public sealed class TrainTests(PageServer server)
{
    // Training gives way to whatever else is tested.
    private const int Patience = 300_000;

    private static readonly LocatorAssertionsToContainTextOptions Patiently = new() { Timeout = Patience };

    [Fact]
    public async Task Train_StartedStoppedAndResumed_MovesItsCurveAndGoesOn()
    {
        await using PageVisit visit = await server.OpenAsync();
        await visit["#tab-train"].ClickAsync();
        await BeginAsync(visit, "long", "default", "50");

        await Expect(visit["#run-state"]).ToContainTextAsync("running", Patiently);
        await WaitForPointsAsync(visit, 2);
        string curve = (await visit["#chart-loss polyline.second"].GetAttributeAsync("points"))!;
        await WaitForPointsAsync(visit, 3);
        Assert.NotEqual(curve, await visit["#chart-loss polyline.second"].GetAttributeAsync("points"));

        // One at a time.
        await BeginAsync(visit, "second", "default", "1");
        await Expect(visit["#problem"]).ToContainTextAsync("one at a time");

        await visit["#run-stop"].ClickAsync();
        await Expect(visit["#run-state"]).ToContainTextAsync("interrupted", Patiently);
        int stoppedAt = await PointsAsync(visit);
        await visit["#run-resume"].ClickAsync();
        await Expect(visit["#run-state"]).ToContainTextAsync("running", Patiently);
        await WaitForPointsAsync(visit, stoppedAt + 1);
        await visit["#run-stop"].ClickAsync();
        await Expect(visit["#run-state"]).ToContainTextAsync("interrupted", Patiently);
        await Expect(visit["#run-resume"]).ToBeVisibleAsync();
        // The browser notes the refusal itself; nothing else happened.
        Assert.All(visit.Faults, fault => Assert.Contains("409", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Train_ToTheEnd_ShowsItsMistakesAndIsServed()
    {
        await using PageVisit visit = await server.OpenAsync(height: 1340);
        await visit["#tab-train"].ClickAsync();
        await BeginAsync(visit, "short", "default", PageVisit.KeepsPictures ? "6" : "2");

        await Expect(visit["#run-state"]).ToContainTextAsync("done", Patiently);
        await Expect(visit["#report table.confusion tbody td"]).ToHaveCountAsync(100);
        int[] cells = await visit.Page.EvaluateAsync<int[]>("[...document.querySelectorAll('#report table.confusion tbody td')].map(cell => Number(cell.textContent))");
        Assert.Equal(PageServer.TestImages, cells.Sum());
        int wrong = cells.Where((_, i) => i / 10 != i % 10).Sum();
        await Expect(visit["#report .mistakes img"]).ToHaveCountAsync(Math.Min(wrong, 24));
        Assert.True(await visit.Page.EvaluateAsync<bool>("[...document.querySelectorAll('#report .mistakes img')].every(picture => picture.naturalWidth === 28)"));
        await Expect(visit["#run-figures"]).ToContainTextAsync(new Regex("Test accuracy"));
        await visit.KeepPictureAsync("page-train");
        await visit.AssertFitsAndIsAccessibleAsync();

        await visit["#run-serve"].ClickAsync();
        await Expect(visit["#run-problem"]).ToContainTextAsync("Served as short");
        await Expect(visit["#model"]).ToHaveValueAsync(new Regex("^short\n"));
        await visit["#tab-draw"].ClickAsync();
        await visit["#samples button"].Nth(1).ClickAsync();
        await Expect(visit["#guess-label"]).ToHaveTextAsync("1");
        Assert.Empty(visit.Faults);
    }

    private static async Task BeginAsync(PageVisit visit, string name, string recipe, string epochs)
    {
        await visit["#train-recipe"].SelectOptionAsync(recipe);
        await visit["#train-data"].SelectOptionAsync("mnist");
        await visit["#train-epochs"].FillAsync(epochs);
        await visit["#train-name"].FillAsync(name);
        await visit["#train-start"].ClickAsync();
    }

    private static Task<int> PointsAsync(PageVisit visit) => visit["#chart-loss circle.second"].CountAsync();

    private static Task WaitForPointsAsync(PageVisit visit, int count) =>
        visit["#chart-loss circle.second"].Nth(count - 1).WaitForAsync(new LocatorWaitForOptions { Timeout = Patience });
}
