using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AlexNetSharp.Server.Tests.Page;

/// <summary>Drawing digits, by mouse, finger and keys.</summary>
[Collection(PageTests.Name)]
public sealed class DrawTests(PageServer server)
{
    [Fact]
    public async Task Draw_ThreeDigitsByMouse_AreRecognised()
    {
        await using PageVisit visit = await server.OpenAsync(height: 880);

        await visit.StrokeAsync((.25f, .22f), (.72f, .2f), (.6f, .42f), (.48f, .65f), (.42f, .85f));
        await Expect(visit["#guess-label"]).ToHaveTextAsync("7");
        await Expect(visit["#spoken"]).ToContainTextAsync("7");

        await visit["#clear"].ClickAsync();
        await Expect(visit["#guess-label"]).ToHaveTextAsync("–");
        await visit.StrokeAsync((.5f, .18f), (.36f, .27f), (.3f, .5f), (.36f, .74f), (.5f, .83f), (.64f, .74f), (.7f, .5f), (.64f, .27f), (.5f, .18f));
        await Expect(visit["#guess-label"]).ToHaveTextAsync("0");

        await visit["#clear"].ClickAsync();
        await visit.StrokeAsync((.3f, .25f), (.45f, .17f), (.62f, .2f), (.66f, .32f), (.55f, .44f), (.42f, .48f), (.58f, .53f), (.68f, .64f), (.62f, .78f), (.46f, .84f), (.3f, .78f));
        await Expect(visit["#guess-label"]).ToHaveTextAsync("3");
        Assert.Equal("3", await visit["#draw-bars li.best .name"].InnerTextAsync());
        Assert.Equal(10, await visit["#draw-bars li"].CountAsync());
        Assert.True(await visit.Page.EvaluateAsync<bool>("document.getElementById('seen-picture').naturalWidth === 28"));

        await visit.KeepPictureAsync("page-draw");
        await visit.AssertFitsAndIsAccessibleAsync();
        await visit.Page.SetViewportSizeAsync(360, 740);
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visit.KeepPictureAsync("page-phone");
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Draw_WhileTheButtonIsDown_IsAnsweredAlready()
    {
        await using PageVisit visit = await server.OpenAsync();

        await visit.PressAsync((.5f, .2f), (.5f, .5f), (.5f, .8f));
        await Expect(visit["#guess-label"]).ToHaveTextAsync("1");
        await visit.Page.Mouse.UpAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"There and back in {await visit["#draw-time"].GetAttributeAsync("data-milliseconds")} ms.");

        await visit["#undo"].ClickAsync();
        await Expect(visit["#guess-label"]).ToHaveTextAsync("–");
        await Expect(visit["#undo"]).ToBeDisabledAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Draw_WithAFinger_DrawsAndDoesNotScroll()
    {
        await using PageVisit visit = await server.OpenAsync(360, 740, hasTouch: true);
        LocatorBoundingBoxResult paper = (await visit["#paper"].BoundingBoxAsync())!;
        ICDPSession touch = await visit.Page.Context.NewCDPSessionAsync(visit.Page);

        await SendAsync("touchStart", .2f);
        for (float y = .25f; y < .85f; y += .1f)
            await SendAsync("touchMove", y);
        await touch.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });

        await Expect(visit["#guess-label"]).ToHaveTextAsync("1");
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("scrollY"));
        Assert.Empty(visit.Faults);

        Task SendAsync(string type, float y) => touch.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>
        {
            ["type"] = type,
            ["touchPoints"] = new[] { new Dictionary<string, object> { ["x"] = paper.X + (paper.Width / 2), ["y"] = paper.Y + (y * paper.Height) } },
        });
    }

    [Fact]
    public async Task Page_OfAServerThatAsksForAKey_WorksOnceItIsGiven()
    {
        (WebApplication other, Uri address) = await PageServer.StartAsync(server.Options with { ApiKeys = ["open sesame"] });
        await using WebApplication disposed = other;
        await using PageVisit visit = await server.OpenAsync(address: address);
        await Expect(visit["#problem"]).ToContainTextAsync("key");

        await visit["#key"].FillAsync("open barley");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit["#problem"]).ToContainTextAsync("key");
        await visit["#key"].FillAsync("open sesame");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit["#key-form"]).ToBeHiddenAsync();
        await visit["#samples button"].Nth(6).ClickAsync();
        await Expect(visit["#guess-label"]).ToHaveTextAsync("6");
        await visit["#tab-train"].ClickAsync();
        await Expect(visit["#train-form"]).ToBeVisibleAsync();
        // The browser notes the refusals itself; nothing else happened.
        Assert.All(visit.Faults, fault => Assert.Contains("401", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_ByKeysAlone_DrawsAndShowsEveryView()
    {
        await using PageVisit visit = await server.OpenAsync();
        IKeyboard keys = visit.Page.Keyboard;
        await FocusAsync("#paper");
        await Expect(visit["#pen"]).ToBeVisibleAsync();

        for (int i = 0; i < 9; i++)
            await keys.PressAsync("ArrowUp");
        await keys.PressAsync("Space");
        await Expect(visit["#pen-state"]).ToHaveTextAsync("The pen is down.");
        for (int i = 0; i < 18; i++)
            await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Space");
        await Expect(visit["#guess-label"]).ToHaveTextAsync("1");
        await keys.PressAsync("Backspace");
        await Expect(visit["#guess-label"]).ToHaveTextAsync("–");

        await FocusAsync("#samples button:nth-child(5)");
        await keys.PressAsync("Enter");
        await Expect(visit["#guess-label"]).ToHaveTextAsync("4");

        await FocusAsync("#tab-draw", "Shift+Tab");
        await keys.PressAsync("ArrowRight");
        await Expect(visit["#look"]).ToBeVisibleAsync();
        await Expect(visit["#layers li"]).ToHaveCountAsync(17);
        foreach (string view in new[] { "drop", "train", "about", "draw" })
        {
            await keys.PressAsync("ArrowRight");
            await Expect(visit[$"#{view}"]).ToBeVisibleAsync();
            Assert.Equal($"tab-{view}", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        }
        Assert.Empty(visit.Faults);

        async Task FocusAsync(string selector, string key = "Tab")
        {
            const int Most = 60;
            for (int i = 0; i < Most; i++)
            {
                await keys.PressAsync(key);
                if (await visit.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                    return;
            }
            Assert.Fail($"{key} does not lead to {selector}.");
        }
    }
}
