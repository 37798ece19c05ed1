using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;

namespace AlexNetSharp.Server.Tests;

/// <summary>Limits, keys, health, and the end.</summary>
public sealed class OperationsTests
{
    [Fact]
    public async Task ApiKeys_Given_AreAskedForEverywhereButHealth()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { ApiKeys = ["first-key", "second-key"] });
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v2/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v2/health/ready")).StatusCode);
        foreach (string path in (string[])["/v2", "/v2/models/digits", "/metrics", "/openapi/v1.json"])
            Assert.Contains("API key", await TestServer.ErrorAsync(await server.Client.GetAsync(path), 401), StringComparison.Ordinal);
        foreach ((string header, string value, HttpStatusCode expected) in ((string, string, HttpStatusCode)[])[
            ("Authorization", "Bearer first-key", HttpStatusCode.OK), ("X-Api-Key", "second-key", HttpStatusCode.OK),
            ("Authorization", "Bearer first-key2", HttpStatusCode.Unauthorized), ("Authorization", "Basic first-key", HttpStatusCode.Unauthorized), ("X-Api-Key", "", HttpStatusCode.Unauthorized)])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/v2/models/digits");
            request.Headers.TryAddWithoutValidation(header, value);
            Assert.Equal(expected, (await server.Client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task Rate_Exceeded_IsAnswered429ButHealthIsNot()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { RequestsPerSecond = 1 });
        List<HttpResponseMessage> answers = [];
        for (int i = 0; i < 30; i++)
            answers.Add(await server.Client.GetAsync("/v2"));
        HttpResponseMessage refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Contains("requests a second", await TestServer.ErrorAsync(refused, 429), StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v2/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Body_TooLargeInAnyGuise_IsAnswered413()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { MaximalBodyBytes = 100_000 });
        foreach (string path in (string[])["/v2/models/digits/infer", "/predict"])
        {
            await TestServer.ErrorAsync(await server.Client.PostAsync(path, Content(new byte[100_001])), 413);
            await TestServer.ErrorAsync(await server.Client.PostAsync(path, Content(new byte[3_000_000])), 413);
            using HttpRequestMessage chunked = new(HttpMethod.Post, path) { Content = Content(new byte[200_000]) };
            chunked.Headers.TransferEncodingChunked = true;
            await TestServer.ErrorAsync(await server.Client.SendAsync(chunked), 413);
            foreach (string encoding in (string[])["gzip", "br", "deflate"])
                await TestServer.ErrorAsync(await server.Client.PostAsync(path, Compressed(new byte[50_000_000], encoding)), 413);
        }
        Assert.Contains("identity-ish", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", Content([1], "identity-ish")), 415), StringComparison.Ordinal);
        Assert.Contains("gzip", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", Content([1, 2, 3], "gzip")), 400), StringComparison.Ordinal);
        // What is compressed and small is read.
        Assert.Contains("'inputs'", await TestServer.ErrorAsync(await server.Client.PostAsync("/v2/models/digits/infer", Compressed("{}"u8.ToArray(), "gzip")), 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatDoesNotArrive_IsAnswered408()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { BodyTimeout = TimeSpan.FromMilliseconds(100) });
        string answer = await RawClient.SendAsync(server.Uri, RawClient.Head("POST /predict", "Content-Type: image/png", "Content-Length: 1000"), "half"u8.ToArray());
        Assert.Equal(408, RawClient.Status(answer));
        Assert.Contains("{\"error\":", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_OfOtherSites_AreRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpRequestMessage foreign = new(HttpMethod.Post, "/predict") { Content = Content([1]) };
        foreign.Headers.Add("Origin", "http://elsewhere.example");
        await TestServer.ErrorAsync(await server.Client.SendAsync(foreign), 403);
        using HttpRequestMessage rebound = new(HttpMethod.Get, "/v2");
        rebound.Headers.Host = "elsewhere.example";
        await TestServer.ErrorAsync(await server.Client.SendAsync(rebound), 421);
        using HttpRequestMessage own = new(HttpMethod.Post, "/predict") { Content = Content(TestModels.Png(0)) };
        own.Headers.Add("Origin", server.Uri.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(own)).StatusCode);
    }

    [Fact]
    public async Task Answers_OfAllKinds_CarrySecurityHeaders()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (string path in (string[])["/", "/v2", "/nothing"])
        {
            HttpResponseHeaders headers = (await server.Client.GetAsync(path)).Headers;
            Assert.Contains("default-src 'self'", headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Stop_WithRequestsAtHand_AnswersThemAndSaysNotReady()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { DrainDelay = TimeSpan.FromSeconds(1) });
        Task<HttpResponseMessage> running;
        Task stopping;
        using (server.BlockEngine())
        {
            running = server.InferPixelsAsync(TestModels.Pixels(0));
            await TestServer.UntilAsync(() => server.Batcher.Running == 1);
            stopping = server.App.StopAsync();
            HttpResponseMessage ready = await server.Client.GetAsync("/v2/health/ready");
            Assert.Contains("stopping", await TestServer.ErrorAsync(ready, 503), StringComparison.Ordinal);
            Assert.True(ready.Headers.ConnectionClose);
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v2/health/live")).StatusCode);
        }
        await TestServer.JsonAsync(await running);
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Client.GetAsync("/v2"));
    }

    [Fact]
    public async Task Stop_UnderLoad_LosesNoRequestThatWasTaken()
    {
        const int Clients = 8;
        await using TestServer server = await TestServer.StartAsync(options => options with { DrainDelay = TimeSpan.FromMilliseconds(200) });
        using MetricSum taken = server.Sum("alexnet_requests", "200"), failed = server.Sum("alexnet_failures");
        int answered = 0;
        Task[] load = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            byte[] pixels = TestModels.Pixels(client);
            while (true)
            {
                HttpResponseMessage response;
                try
                {
                    response = await server.InferPixelsAsync(pixels);
                }
                catch (HttpRequestException)
                {
                    // Nobody listens any more.
                    return;
                }
                await TestServer.JsonAsync(response);
                Interlocked.Increment(ref answered);
            }
        }))];
        await TestServer.UntilAsync(() => Volatile.Read(ref answered) > 20);
        await server.App.StopAsync();
        await Task.WhenAll(load);
        Assert.Equal(taken.Count, answered);
        Assert.Equal(0, failed.Count);
    }

    [Fact]
    public async Task Models_NotYetLoaded_AreAnswered503AndLiveIsNot()
    {
        string folder = Directory.CreateTempSubdirectory("alexnet-loading-").FullName;
        string model = TestModels.Write(Path.Combine(folder, "digits.safetensors"), 1);
        await using WebApplication app = ServerHost.Create(new ServerOptions { Models = [new ModelSource("digits", model)], Urls = ["http://127.0.0.1:0"], Threads = 1 });
        EngineTeam team = (EngineTeam)app.Services.GetService(typeof(EngineTeam))!;
        using (new EngineBlock(team))
        {
            // Loading ends with a trial run, for which the engine is not free.
            await app.StartAsync();
            using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v2/health/live")).StatusCode);
            Assert.Contains("loaded", await TestServer.ErrorAsync(await client.GetAsync("/v2/health/ready"), 503), StringComparison.Ordinal);
            HttpResponseMessage early = await client.PostAsync("/predict", Content(TestModels.Png(0)));
            await TestServer.ErrorAsync(early, 503);
            Assert.NotNull(early.Headers.RetryAfter);
        }
        await app.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Validate_OptionsThatMakeNoSense_NamesThem()
    {
        ServerOptions options = new();
        options.Validate();
        Assert.Throws<ArgumentException>(() => (options with { Urls = ["ftp://x"] }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { Urls = ["https://127.0.0.1:1"] }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { MaximalBatch = 0 }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { Deadline = TimeSpan.Zero }).Validate());
        Assert.Throws<ArgumentException>(() => (options with { Models = [new("a", "x"), new("a", "y")] }).Validate());
        Assert.Contains("QueueCapacity", Assert.Throws<ArgumentException>(() => (options with { QueueCapacity = -1 }).Validate()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://[::1]:1", true)]
    [InlineData("http://*:1", false)]
    [InlineData("http://0.0.0.0:1", false)]
    [InlineData("http://192.0.2.1:1", false)]
    public void TrainingAllowed_BeyondLoopback_OnlyWhereAllowed(string url, bool loopback)
    {
        ServerOptions options = new() { Urls = [url] };
        options.Validate();
        Assert.Equal(loopback, options.TrainingAllowed);
        Assert.True((options with { AllowTraining = true }).TrainingAllowed);
        Assert.False((options with { AllowTraining = true, ReadOnly = true }).TrainingAllowed);
    }

    private static ByteArrayContent Content(byte[] bytes, string? encoding = null)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    private static ByteArrayContent Compressed(byte[] bytes, string encoding)
    {
        using MemoryStream compressed = new();
        using (Stream stream = encoding switch { "gzip" => new GZipStream(compressed, CompressionLevel.Fastest), "br" => new BrotliStream(compressed, CompressionLevel.Fastest), _ => new ZLibStream(compressed, CompressionLevel.Fastest) })
            stream.Write(bytes);
        return Content(compressed.ToArray(), encoding);
    }
}
