using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AlexNetSharp.Server.Tests.Page;

/// <summary>Somebody looking at the page. What the browser complains of is kept: a policy that was broken, an error in a script, a file that is missing.</summary>
internal sealed class PageVisit : IAsyncDisposable
{
    /// <summary>Names a folder that pictures of the page are written to.</summary>
    public const string ScreenshotVariable = "ALEXNET_SCREENSHOTS";

    private static readonly string? ScreenshotFolder = Environment.GetEnvironmentVariable(ScreenshotVariable);

    /// <summary>Whether pictures are kept, and what they show may take longer to make.</summary>
    public static bool KeepsPictures => ScreenshotFolder is not null;

    private readonly IBrowserContext _context;

    private PageVisit(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>What the browser complained of.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Opens the page and waits until it is ready to be used, or else only until it is there.</summary>
    public static async Task<PageVisit> OpenAsync(IBrowserContext context, Uri address, bool waits)
    {
        PageVisit visit = new(context, await context.NewPageAsync());
        visit.Page.Console += (_, message) => visit.Note(message.Type is "error" or "warning", message.Text);
        visit.Page.PageError += (_, error) => visit.Note(true, error);
        // What the page itself calls off is no fault.
        visit.Page.RequestFailed += (_, request) => visit.Note(request.Failure != "net::ERR_ABORTED", $"{request.Url}: {request.Failure}");
        visit.Page.Request += (_, request) => visit.Note(!request.Url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal), $"asked elsewhere: {request.Url}");
        await visit.Page.GotoAsync(address.AbsoluteUri);
        if (waits)
            await visit.Page.WaitForSelectorAsync("html[data-ready]");
        return visit;
    }

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>Draws a stroke on the paper with the mouse.</summary>
    /// <param name="points">x and y, 0 to 1.</param>
    public async Task StrokeAsync(params (float X, float Y)[] points)
    {
        await PressAsync(points);
        await Page.Mouse.UpAsync();
    }

    /// <summary>Draws a stroke and leaves the button down.</summary>
    public async Task PressAsync(params (float X, float Y)[] points)
    {
        LocatorBoundingBoxResult paper = (await this["#paper"].BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(At(points[0]).X, At(points[0]).Y);
        await Page.Mouse.DownAsync();
        foreach ((float X, float Y) point in points[1..])
            await Page.Mouse.MoveAsync(At(point).X, At(point).Y, new() { Steps = 5 });

        (float X, float Y) At((float X, float Y) point) => (paper.X + (point.X * paper.Width), paper.Y + (point.Y * paper.Height));
    }

    /// <summary>Looks at what is shown now, on a screen and on a phone, in light and dark: nothing lies beside the window, and axe-core finds nothing serious.</summary>
    public async Task AssertFitsAndIsAccessibleAsync()
    {
        PageViewportSizeResult before = Page.ViewportSize!;
        foreach ((int width, int height, ColorScheme colors) in new[] { (1200, 820, ColorScheme.Light), (360, 740, ColorScheme.Dark), (360, 740, ColorScheme.Light), (1200, 820, ColorScheme.Dark) })
        {
            await Page.SetViewportSizeAsync(width, height);
            await Page.EmulateMediaAsync(new() { ColorScheme = colors, ReducedMotion = ReducedMotion.Reduce });
            Assert.InRange(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
            AxeResult result = await Page.RunAxe();
            string[] serious = [.. result.Violations.Where(found => found.Impact is "serious" or "critical").Select(found => $"{found.Id} at {string.Join(", ", found.Nodes.Take(3).Select(node => node.Target))}: {found.Help}")];
            Assert.Empty(serious);
        }
        await Page.SetViewportSizeAsync(before.Width, before.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    /// <summary>Keeps a picture of the window, where the environment asks for it.</summary>
    public async Task KeepPictureAsync(string name)
    {
        if (ScreenshotFolder is not null)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(ScreenshotFolder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(bool isFault, string text)
    {
        if (isFault)
            Faults.Enqueue(text);
    }
}
