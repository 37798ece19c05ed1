using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AlexNetSharp.Server.Tests.Page;

/// <summary>What the page calls, called without it.</summary>
[Collection(PageTests.Name)]
public sealed class PageApiTests(PageServer server) : IDisposable
{
    private const string Start = """{"data": "mnist", "recipe": "default", "epochs": 1}""";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Predict_Sample_AnswersAsThePredictCommandWould()
    {
        byte[] five = await File.ReadAllBytesAsync(Path.Combine(PageServer.Repository, "src/AlexNetSharp.Server/wwwroot/samples/5.png"), Cancellation);
        using Network network = ModelFile.Load(PretrainedModel.Path);
        using ThreadTeam team = new(1);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        using PicturePreparation preparation = new(network.Spec, team);
        preparation.Prepare(preparation.Decode(five, "five"), TestView.Center, plan.Input(1));
        float[] expected = new float[10];
        SoftmaxCrossEntropy.Softmax(plan.Forward(1), expected, expected.Length);

        using JsonDocument answer = await PostAsync("page/api/predict?model=alexnet-mnist", five, "image/png", HttpStatusCode.OK);

        JsonElement[] top = [.. answer.RootElement.GetProperty("top").EnumerateArray()];
        Assert.Equal("5", top[0].GetProperty("label").GetString());
        Assert.Equal(10, top.Length);
        Assert.All(top, label => Assert.Equal(expected[label.GetProperty("index").GetInt32()], label.GetProperty("probability").GetSingle()));
    }

    [Theory]
    [InlineData("page/api/predict?model=nobody", "image/png", "x", HttpStatusCode.NotFound, "nobody")]
    [InlineData("page/api/predict?model=alexnet-mnist", "image/png", "x", HttpStatusCode.UnprocessableEntity, "not a picture")]
    [InlineData("page/api/predict?model=alexnet-mnist", "image/png", "", HttpStatusCode.BadRequest, "no body")]
    [InlineData("page/api/predict?model=alexnet-mnist", "text/plain", "x", HttpStatusCode.UnsupportedMediaType, "text/plain")]
    [InlineData("page/api/look?model=alexnet-mnist&label=10", "image/png", "x", HttpStatusCode.BadRequest, "0 to 9")]
    [InlineData("page/api/runs", "application/json", """{"data": "/etc", "recipe": "default"}""", HttpStatusCode.BadRequest, "data set is '/etc'")]
    [InlineData("page/api/runs", "application/json", """{"data": "mnist", "recipe": "guess"}""", HttpStatusCode.BadRequest, "no recipe called 'guess'")]
    [InlineData("page/api/runs", "application/json", """{"data": "mnist", "recipe": "default", "epochs": 0}""", HttpStatusCode.BadRequest, "epochs is 0")]
    [InlineData("page/api/runs", "application/json", """{"data": "mnist", "recipe": "default", "name": "../x"}""", HttpStatusCode.BadRequest, "'../x'")]
    [InlineData("page/api/runs", "application/json", "{", HttpStatusCode.BadRequest, "not what a run is started with")]
    [InlineData("page/api/run/stop?name=none", "application/json", "{}", HttpStatusCode.Conflict, "'none'")]
    [InlineData("page/api/run/resume?name=..", "application/json", "{}", HttpStatusCode.NotFound, "no run '..'")]
    [InlineData("page/api/run/serve?name=%2Fetc", "application/json", "{}", HttpStatusCode.NotFound, "no run '/etc'")]
    public async Task Post_WhatMakesNoSense_IsRefusedInWords(string address, string type, string body, HttpStatusCode status, string words)
    {
        using JsonDocument answer = await PostAsync(address, Encoding.UTF8.GetBytes(body), type, status);

        Assert.Contains(words, answer.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(server.Runs, "x")));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task Post_FromAnotherPage_StartsNothing(string header, string value)
    {
        int runs = RunCount();

        using JsonDocument answer = await PostAsync("page/api/runs", Encoding.UTF8.GetBytes(Start), "application/json", HttpStatusCode.Forbidden, (header, value));

        Assert.NotEmpty(answer.RootElement.GetProperty("error").GetString()!);
        Assert.Equal(runs, RunCount());
    }

    [Fact]
    public async Task Training_OnAReadOnlyServer_IsRefused()
    {
        (WebApplication readOnly, Uri address) = await PageServer.StartAsync(server.Options with { ReadOnly = true });
        await using WebApplication disposed = readOnly;

        using JsonDocument choices = JsonDocument.Parse(await _client.GetStringAsync(new Uri(address, "page/api/training"), Cancellation));
        using JsonDocument answer = await PostAsync(new Uri(address, "page/api/runs").AbsoluteUri, Encoding.UTF8.GetBytes(Start), "application/json", HttpStatusCode.Forbidden);

        Assert.False(choices.RootElement.GetProperty("is_allowed").GetBoolean());
        Assert.Contains("--read-only", choices.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("--read-only", answer.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "--allow-training")]
    [InlineData(true, null)]
    public void Training_BeyondLoopback_IsOffUnlessAllowed(bool isAllowed, string? words)
    {
        ServerOptions options = server.Options with { Urls = ["http://0.0.0.0:0"], AllowTraining = isAllowed };
        using TrainingRuns runs = new(options, Microsoft.Extensions.Logging.Abstractions.NullLogger<TrainingRuns>.Instance);

        if (words is null)
            Assert.Null(runs.Refusal);
        else
            Assert.Contains(words, runs.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatCannotBegin_SaysWhy()
    {
        ServerOptions options = server.Options with { TrainingCommand = ["/bin/sh", "-c", "echo 'alexnet: The disk is on fire.' >&2; exit 1", "sh"] };
        using TrainingRuns runs = new(options, Microsoft.Extensions.Logging.Abstractions.NullLogger<TrainingRuns>.Instance);

        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => runs.BeginAsync(new TrainingRequest("mnist", "default", 1, 1, "burnt"), Cancellation));

        Assert.Contains("The disk is on fire.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhoseProcessIsKilled_CanGoOnAndTakesNoRequestAlong()
    {
        TrainingRuns runs = server.Services.GetRequiredService<TrainingRuns>();
        string name = await runs.BeginAsync(new TrainingRequest("mnist", "default", 50, 1, "killed"), Cancellation);
        RunJson running = runs.Describe(name);
        using Process process = Process.GetProcessById(RunLock.Holder(runs.FolderOf(name))!.Pid);

        process.Kill();
        string? last = null;
        // Ends by itself once the run has.
        await foreach (SseItem<string> message in server.Services.GetRequiredService<RunEvents>().Follow(name, Cancellation))
            last = message.EventType;
        RunJson killed = runs.Describe(name);
        byte[] two = await File.ReadAllBytesAsync(Path.Combine(PageServer.Repository, "src/AlexNetSharp.Server/wwwroot/samples/2.png"), Cancellation);
        using JsonDocument answer = await PostAsync("page/api/predict?model=alexnet-mnist", two, "image/png", HttpStatusCode.OK);

        Assert.Equal((RunState.Running, true, false), (running.State, running.CanStop, running.CanResume));
        Assert.Equal("end", last);
        Assert.Equal((RunState.Interrupted, false, true), (killed.State, killed.CanStop, killed.CanResume));
        Assert.Equal("2", answer.RootElement.GetProperty("top")[0].GetProperty("label").GetString());
    }

    [Fact]
    public async Task Files_OfThePage_CarryTheirTypeAndAStrictPolicy()
    {
        foreach ((string path, string type) in new[] { ("", "text/html"), ("style.css", "text/css"), ("js/app.js", "text/javascript"), ("favicon.svg", "image/svg+xml"), ("samples/0.png", "image/png") })
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(server.Address, path), Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

            using HttpRequestMessage again = new(HttpMethod.Get, new Uri(server.Address, path));
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            using HttpResponseMessage unchanged = await _client.SendAsync(again, Cancellation);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }
    }

    private int RunCount() => Directory.Exists(server.Runs) ? Directory.GetDirectories(server.Runs).Length : 0;

    private async Task<JsonDocument> PostAsync(string address, byte[] body, string type, HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server.Address, address)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        foreach ((string name, string value) in headers)
            request.Headers.Add(name, value);
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        return JsonDocument.Parse(text);
    }
}
