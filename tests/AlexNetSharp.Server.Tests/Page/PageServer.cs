using System.Buffers.Binary;
using AlexNetSharp.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AlexNetSharp.Server.Tests.Page;

/// <summary>A server with the model that ships with the software, that trains on a part of MNIST; and Debian's Chromium to visit it.</summary>
public sealed class PageServer : IAsyncLifetime
{
    public const int TrainingImages = 2_400;
    public const int TestImages = 1_000;

    private const string Chromium = "/usr/bin/chromium";
    private const int ImageLength = 28 * 28;

    private readonly string _root = Directory.CreateTempSubdirectory("alexnet-page-").FullName;
    private WebApplication? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>What the server is made of.</summary>
    internal IServiceProvider Services => _server!.Services;

    /// <summary>Where runs started from the page go.</summary>
    public string Runs => Path.Combine(_root, "runs");

    /// <summary>The checkout's folder.</summary>
    public static string Repository { get; } = FindRoot();

    public async ValueTask InitializeAsync()
    {
        WritePart("train", TrainingImages);
        WritePart("t10k", TestImages);
        (_server, Address) = await StartAsync(Options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>What the server is told; others can be made of it.</summary>
    internal ServerOptions Options => new()
    {
        Urls = ["http://127.0.0.1:0"],
        RunsFolder = Runs,
        // The same program, that finds the part of MNIST under its name.
        TrainingCommand = ["/usr/bin/env", $"ALEXNET_DATA={_root}", "dotnet", Path.Combine(AppContext.BaseDirectory, "alexnet.dll")],
    };

    /// <summary>Starts a further server.</summary>
    internal static async Task<(WebApplication Server, Uri Address)> StartAsync(ServerOptions options)
    {
        WebApplication server = ServerHost.Create(options);
        await server.StartAsync();
        Uri address = new(server.Urls.First());
        await server.Services.GetRequiredService<ModelWatcher>().Loaded;
        return (server, address);
    }

    /// <summary>Opens the page in a window of its own.</summary>
    /// <param name="height">The window's height.</param>
    /// <param name="hasTouch">Whether it is a phone's screen.</param>
    /// <param name="width">The window's width.</param>
    /// <param name="address">Another server's address, which may ask for a key first.</param>
    internal async Task<PageVisit> OpenAsync(int width = 1200, int height = 820, bool hasTouch = false, Uri? address = null)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"Debian's package chromium is not installed: no {Chromium}.");
        _playwright ??= await Playwright.CreateAsync();
        // As root, Chromium starts without its sandbox only.
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        IBrowserContext context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = ColorScheme.Light, HasTouch = hasTouch });
        return await PageVisit.OpenAsync(context, address ?? Address, waits: address is null);
    }

    private void WritePart(string split, int count)
    {
        string mnist = Path.Combine(Repository, "data", "mnist"), directory = Path.Combine(_root, "mnist");
        Directory.CreateDirectory(directory);
        byte[] pixels = IdxReader.ReadImages(Path.Combine(mnist, $"{split}-images-idx3-ubyte.gz")).Pixels[..(count * ImageLength)];
        byte[] labels = IdxReader.ReadLabels(Path.Combine(mnist, $"{split}-labels-idx1-ubyte.gz"))[..count];
        File.WriteAllBytes(Path.Combine(directory, $"{split}-images-idx3-ubyte"), [.. Header(0x803, count, 28, 28), .. pixels]);
        File.WriteAllBytes(Path.Combine(directory, $"{split}-labels-idx1-ubyte"), [.. Header(0x801, count), .. labels]);
    }

    private static byte[] Header(params int[] values)
    {
        byte[] header = new byte[values.Length * sizeof(int)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(i * sizeof(int)), values[i]);
        return header;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AlexNetSharp.slnx")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException($"No AlexNetSharp.slnx above '{AppContext.BaseDirectory}'.");
    }
}

/// <summary>The tests that share the server and the browser, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PageTests : ICollectionFixture<PageServer>
{
    public const string Name = "page";
}
