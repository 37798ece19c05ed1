using static Microsoft.Playwright.Assertions;

namespace AlexNetSharp.Server.Tests.Page;

/// <summary>Looking inside, at pictures that were drawn, dropped and chosen, and at the network itself.</summary>
[Collection(PageTests.Name)]
public sealed class LookTests(PageServer server)
{
    [Fact]
    public async Task Look_AtADrawing_ShowsFiltersLayersAndWhatMattered()
    {
        await using PageVisit visit = await server.OpenAsync(width: 960, height: 700);
        await visit.StrokeAsync((.28f, .2f), (.68f, .2f), (.56f, .45f), (.44f, .82f));
        await visit.StrokeAsync((.34f, .5f), (.66f, .5f));
        await Expect(visit["#guess-label"]).ToHaveTextAsync("7");

        await visit["#draw-look"].ClickAsync();
        await Expect(visit["#look-lead"]).ToContainTextAsync("your drawing: 7");
        await Expect(visit["#layers li"]).ToHaveCountAsync(17);
        await Expect(visit["#maps figure"]).ToHaveCountAsync(4);
        Assert.Equal("conv1", await visit["#layers h4"].First.EvaluateAsync<string>("title => title.firstChild.textContent"));
        Assert.True(await visit.Page.EvaluateAsync<bool>("[...document.querySelectorAll('#look-result img')].every(picture => picture.complete && picture.naturalWidth > 100 && picture.alt !== '')"));
        await visit.KeepPictureAsync("page-look");
        await visit.Page.SetViewportSizeAsync(960, 440);
        await visit["#layers"].EvaluateAsync("layers => layers.previousElementSibling.previousElementSibling.scrollIntoView()");
        await visit.KeepPictureAsync("page-layers");

        await visit["#look-class"].SelectOptionAsync("2");
        await Expect(visit["#maps figcaption b"].Nth(1)).ToHaveTextAsync("HiResCAM for 2");
        await visit.AssertFitsAndIsAccessibleAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Picture_DroppedAndChosen_IsNamedAndLookedInto()
    {
        byte[] nine = await File.ReadAllBytesAsync(Path.Combine(PageServer.Repository, "src/AlexNetSharp.Server/wwwroot/samples/9.png"), TestContext.Current.CancellationToken);
        await using PageVisit visit = await server.OpenAsync();
        await visit["#tab-drop"].ClickAsync();

        await visit["#zone"].EvaluateAsync(
            """
            (zone, bytes) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))], "nine.png", { type: "image/png" }));
                zone.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
            }
            """,
            Convert.ToBase64String(nine));
        await Expect(visit["#drop-label"]).ToHaveTextAsync("9");
        await Expect(visit["#drop-name"]).ToHaveTextAsync("nine.png");
        await visit.KeepPictureAsync("page-picture");
        await visit.AssertFitsAndIsAccessibleAsync();
        await visit["#drop-look"].ClickAsync();
        await Expect(visit["#look-lead"]).ToContainTextAsync("nine.png: 9");
        Assert.Empty(visit.Faults);

        await visit["#tab-drop"].ClickAsync();
        await visit["#file"].SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "letter.png", MimeType = "image/png", Buffer = "Dear reader"u8.ToArray() });
        await Expect(visit["#problem"]).ToContainTextAsync("is not a picture that can be read");
        await Expect(visit["#drop-result"]).ToBeHiddenAsync();
        await visit["#file"].SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "nine.png", MimeType = "image/png", Buffer = nine });
        await Expect(visit["#drop-label"]).ToHaveTextAsync("9");
        await Expect(visit["#problem"]).ToBeHiddenAsync();
        // The browser notes the refusal itself; nothing else happened.
        Assert.All(visit.Faults, fault => Assert.Contains("422", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task About_ShippedModel_ShowsItsLayersAndParts()
    {
        await using PageVisit visit = await server.OpenAsync();

        await visit["#tab-about"].ClickAsync();
        await Expect(visit["#about-layers tr"]).ToHaveCountAsync(21);
        await Expect(visit["#about-figures"]).ToContainTextAsync("99.64 %");
        await Expect(visit["#about-sum"]).ToContainTextAsync("5\u202f624\u202f842");
        await Expect(visit["#diagram svg text"].First).ToHaveTextAsync("input");
        Assert.Equal(
            ["Convolution", "ReLU", "Max pooling", "Local response normalisation", "Dropout", "Flatten", "Dense layer"], await visit["#parts h4"].AllInnerTextsAsync());
        await visit.KeepPictureAsync("page-about");
        await visit.AssertFitsAndIsAccessibleAsync();
        Assert.Empty(visit.Faults);
    }
}
