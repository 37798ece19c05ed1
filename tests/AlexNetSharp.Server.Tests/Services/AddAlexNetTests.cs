using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AlexNetSharp.Augmentation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AlexNetSharp.Server.Tests.Services;

[Collection(SmallModelTests.Name)]
public sealed class AddAlexNetTests(SmallModel model)
{
    private const int ManyPictures = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("none")]
    [InlineData("shifts")]
    public async Task PredictAsync_ManyAtOnce_GiveTheBitsOfAlexNet(string views)
    {
        byte[][] pictures = [.. Enumerable.Range(0, ManyPictures).Select(model.Png)];
        using AlexNet alexnet = AlexNet.Load(model.ModelPath, new AlexNetOptions { Views = TestTimeAugmentation.Find(views) });
        await using ServiceProvider services = Services(options => (options.Model, options.MaximalBatch, options.Views, options.QueueCapacity) = (model.ModelPath, 8, views, 1_000));
        IAlexNetPredictor predictor = services.GetRequiredService<IAlexNetPredictor>();

        Classification[] answers = await Task.WhenAll(pictures.Select((png, i) => i % 2 == 0
            ? predictor.PredictAsync(png, cancellationToken: Cancellation)
            : predictor.PredictAsync(new MemoryStream(png), cancellationToken: Cancellation)));

        Assert.Equal(pictures.Select(png => alexnet.Predict(png).Labels), answers.Select(answer => answer.Labels));
        Assert.Equal(alexnet.Model.Name, predictor.Model.Name);
    }

    [Fact]
    public async Task PredictAsync_NoPictureOrTooLong_SaysSo()
    {
        await using ServiceProvider services = Services(options => (options.Model, options.MaximalPictureBytes) = (model.ModelPath, 100));
        IAlexNetPredictor predictor = services.GetRequiredService<IAlexNetPredictor>();

        InvalidDataException none = await Assert.ThrowsAsync<InvalidDataException>(() => predictor.PredictAsync("text"u8.ToArray(), "note.txt", Cancellation));
        Assert.Contains("note.txt", none.Message, StringComparison.Ordinal);
        foreach (Task<Classification> answer in new[] { predictor.PredictAsync(new byte[101], "long.png", Cancellation), predictor.PredictAsync(new MemoryStream(new byte[101]), "long.png", Cancellation) })
            Assert.Contains("more than 100 bytes", (await Assert.ThrowsAsync<InvalidDataException>(() => answer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PredictAsync_EngineIsTaken_TurnsAwayWhatTheQueueDoesNotHold()
    {
        await using ServiceProvider services = Services(options => (options.Model, options.MaximalBatch, options.QueueCapacity) = (model.ModelPath, 1, 1));
        IAlexNetPredictor predictor = services.GetRequiredService<IAlexNetPredictor>();
        Task<Classification>[] answers;

        using (new TakenEngine(services.GetRequiredService<AlexNetPredictor>().Team))
        {
            // One is being computed, one waits: there is no place for the third.
            answers = [.. Enumerable.Range(0, 3).Select(i => predictor.PredictAsync(model.Png(i), cancellationToken: Cancellation))];
            await Assert.ThrowsAsync<PredictorBusyException>(async () => await await Task.WhenAny(answers));
        }

        await Task.WhenAll(answers).ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.InRange(answers.Count(answer => answer.IsCompletedSuccessfully), 1, 2);
    }

    [Fact]
    public async Task PredictAsync_EngineIsTakenBeyondTheDeadline_TimesOut()
    {
        await using ServiceProvider services = Services(options => (options.Model, options.MaximalBatch, options.Deadline) = (model.ModelPath, 1, TimeSpan.FromMilliseconds(20)));
        IAlexNetPredictor predictor = services.GetRequiredService<IAlexNetPredictor>();

        using TakenEngine taken = new(services.GetRequiredService<AlexNetPredictor>().Team);
        Task<Classification>[] answers = [.. Enumerable.Range(0, 2).Select(i => predictor.PredictAsync(model.Png(i), cancellationToken: Cancellation))];

        await Assert.ThrowsAsync<TimeoutException>(async () => await await Task.WhenAny(answers));
    }

    [Fact]
    public async Task PredictAsync_GivenUp_SaysSo()
    {
        await using ServiceProvider services = Services(options => options.Model = model.ModelPath);
        IAlexNetPredictor predictor = services.GetRequiredService<IAlexNetPredictor>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => predictor.PredictAsync(model.Png(0), cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Start_SectionOfTheConfiguration_IsReadFirstAndCodeSecond()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("AlexNet:Model", model.ModelPath), new("AlexNet:Threads", "3"), new("AlexNet:Deadline", "00:00:05")]);
        builder.Services.AddAlexNet(options => options.Threads = 2);
        await using WebApplication app = builder.Build();

        AlexNetServiceOptions read = app.Services.GetRequiredService<IOptions<AlexNetServiceOptions>>().Value;

        Assert.Equal((model.ModelPath, 2, TimeSpan.FromSeconds(5)), (read.Model, read.Threads, read.Deadline));
    }

    [Fact]
    public async Task Start_OptionsThatMakeNoSense_AreAllNamed()
    {
        using IHost host = Application(options => (options.Model, options.Threads, options.MaximalPictureBytes) = ("none.safetensors", -1, 0));

        OptionsValidationException problem = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));

        Assert.Equal(3, problem.Failures.Count());
        Assert.Contains("none.safetensors", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Threads", problem.Message, StringComparison.Ordinal);
        Assert.Contains("MaximalPictureBytes", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "none", "no model")]
    [InlineData(null, "sideways", "sideways")]
    [InlineData(null, "glyphs", "need 17")]
    public async Task Start_NoModelOrViewsThatCannotBe_SaysHowToMendIt(string? path, string views, string expected)
    {
        using IHost host = Application(options => (options.Model, options.Views, options.QueueCapacity) = (path ?? model.ModelPath, views, 5));

        Assert.Contains(expected, (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_BrokenModel_FailsTheStart()
    {
        string broken = model.NewFile("broken.safetensors", new byte[100]);
        using IHost host = Application(options => options.Model = broken);

        Assert.Contains(broken, (await Assert.ThrowsAsync<InvalidDataException>(() => host.StartAsync(Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Pictures_AnswersWithTheirLabels()
    {
        await using WebApplication app = Application(options => options.Model = model.ModelPath);
        app.MapAlexNet();
        await app.StartAsync(Cancellation);
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
        using AlexNet alexnet = AlexNet.Load(model.ModelPath);

        using MultipartFormDataContent two = new() { { new ByteArrayContent(model.Png(1)), "picture", "one.png" }, { new ByteArrayContent(model.Png(2)), "picture", "two.png" } };

        using HttpResponseMessage answer = await client.PostAsync("/predict?top=10", new ByteArrayContent(model.Png(0)), Cancellation);
        using HttpResponseMessage both = await client.PostAsync("/predict", two, Cancellation);

        JsonElement prediction = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("predictions")[0];
        Assert.Equal(alexnet.Predict(model.Png(0)).Labels.Select(label => (label.Label, label.Probability)), prediction.GetProperty("top").EnumerateArray()
            .Select(label => (label.GetProperty("label").GetString()!, label.GetProperty("probability").GetSingle())));
        JsonElement[] predictions = [.. (await both.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("predictions").EnumerateArray()];
        Assert.Equal(["one.png", "two.png"], predictions.Select(each => each.GetProperty("file").GetString()));
        Assert.Equal(
            [alexnet.Predict(model.Png(1)).Label, alexnet.Predict(model.Png(2)).Label],
            predictions.Select(each => each.GetProperty("top")[0].GetProperty("label").GetString()!));
    }

    [Theory]
    [InlineData("/predict", "image/png", 4, 400, "not a picture")]
    [InlineData("/predict", "image/png", 0, 400, "empty")]
    [InlineData("/predict", "image/png", 2000, 413, "1000 bytes")]
    [InlineData("/predict", "text/plain", 4, 415, "text/plain")]
    [InlineData("/predict?top=0", "image/png", 4, 400, "top is 0")]
    public async Task Post_WhatIsNoPicture_SaysWhy(string address, string type, int length, int status, string expected)
    {
        await using WebApplication app = Application(options => (options.Model, options.MaximalPictureBytes) = (model.ModelPath, 1000));
        app.MapAlexNet();
        await app.StartAsync(Cancellation);
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
        using ByteArrayContent content = new(new byte[length]) { Headers = { ContentType = new(type) } };

        using HttpResponseMessage answer = await client.PostAsync(address, content, Cancellation);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(expected, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_PredictorIsBusy_Is503WithRetryAfter()
    {
        await using WebApplication app = Application(options => options.Model = model.ModelPath, services => services.AddSingleton<IAlexNetPredictor, BusyPredictor>());
        app.MapAlexNet();
        await app.StartAsync(Cancellation);
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };

        using HttpResponseMessage answer = await client.PostAsync("/predict", new ByteArrayContent([1]), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public void MapAlexNet_WithoutAddAlexNet_SaysSo()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddAlexNet", Assert.Throws<InvalidOperationException>(() => app.MapAlexNet()).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Action<AlexNetServiceOptions> configure) =>
        new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddAlexNet(configure).BuildServiceProvider();

    private static WebApplication Application(Action<AlexNetServiceOptions> configure, Action<IServiceCollection>? further = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAlexNet(configure);
        further?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class BusyPredictor : IAlexNetPredictor
    {
        public AlexNetSharp.Models.ModelSpec Model => throw new NotSupportedException();

        public Task<Classification> PredictAsync(ReadOnlyMemory<byte> encoded, string name, CancellationToken cancellationToken) => throw new PredictorBusyException("full", new InvalidOperationException());

        public Task<Classification> PredictAsync(Stream stream, string name, CancellationToken cancellationToken) => throw new PredictorBusyException("full", new InvalidOperationException());
    }

    /// <summary>Holds the engine, so that nothing is computed, until it is disposed.</summary>
    private sealed class TakenEngine : IDisposable
    {
        private readonly TaskCompletionSource _end = new();
        private readonly Thread _holder;

        public TakenEngine(EngineTeam team)
        {
            using ManualResetEventSlim taken = new();
            _holder = new Thread(() =>
            {
                lock (team.Lock)
                {
                    taken.Set();
                    _end.Task.Wait();
                }
            });
            _holder.Start();
            taken.Wait();
        }

        public void Dispose()
        {
            _end.SetResult();
            _holder.Join();
        }
    }
}
