using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AlexNetSharp.Server.Tests;

/// <summary>A server on a free port of loopback, with a model called <c>digits</c> in a folder of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const ulong Seed = 11;

    private TestServer(WebApplication app, string folder)
    {
        (App, Folder) = (app, folder);
        Uri = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Uri };
    }

    public WebApplication App { get; }

    public string Folder { get; }

    public Uri Uri { get; }

    public HttpClient Client { get; }

    public string ModelPath => Path.Combine(Folder, "digits.safetensors");

    public ModelRepository Repository => App.Services.GetRequiredService<ModelRepository>();

    public Batcher Batcher => Repository.Find("digits")!.Current.Batcher;

    /// <summary>Starts one and waits until its models are loaded; files are looked at when a test says so.</summary>
    public static async Task<TestServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null)
    {
        string folder = Directory.CreateTempSubdirectory("alexnet-server-").FullName;
        string model = TestModels.Write(Path.Combine(folder, "digits.safetensors"), Seed);
        ServerOptions options = new() { Models = [new ModelSource("digits", model)], Urls = ["http://127.0.0.1:0"], Threads = 2, ReloadInterval = TimeSpan.Zero };
        WebApplication app = ServerHost.Create(change?.Invoke(options) ?? options);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<ModelWatcher>().Loaded;
        return new TestServer(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Sends an inference request.</summary>
    public Task<HttpResponseMessage> InferAsync(object request, string model = "digits", CancellationToken cancellationToken = default) =>
        Client.PostAsJsonAsync($"/v2/models/{model}/infer", request, cancellationToken);

    /// <summary>Sends pictures as bytes in JSON.</summary>
    public Task<HttpResponseMessage> InferPixelsAsync(byte[] pixels, CancellationToken cancellationToken = default) =>
        InferAsync(new { inputs = new[] { new { name = "pixels", datatype = "UINT8", shape = new[] { pixels.Length / TestModels.ImageLength, 28, 28, 1 }, data = pixels.Select(level => (int)level) } } }, cancellationToken: cancellationToken);

    /// <summary>A JSON answer of status 200.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The message of an answer that must be an error of that status.</summary>
    public static async Task<string> ErrorAsync(HttpResponseMessage response, int status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement.GetProperty("error").GetString()!;
    }

    /// <summary>The numbers of an output, by their text, so that every bit is there.</summary>
    public static float[] Output(JsonElement answer, string name) =>
        [.. answer.GetProperty("outputs").EnumerateArray().Single(output => output.GetProperty("name").GetString() == name).GetProperty("data").EnumerateArray()
            .Select(number => float.Parse(number.GetRawText(), CultureInfo.InvariantCulture))];

    /// <summary>Keeps the engine from computing until disposed of.</summary>
    public IDisposable BlockEngine() => new EngineBlock(App.Services.GetRequiredService<EngineTeam>());

    /// <summary>The sum of one of this server's counters or histograms from now on.</summary>
    public MetricSum Sum(string instrument, string? tag = null) => new(App.Services.GetRequiredService<IMeterFactory>(), instrument, tag);

    /// <summary>Waits for something that another thread is about to bring about.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        while (!condition())
            await Task.Delay(1, patience.Token);
    }
}
