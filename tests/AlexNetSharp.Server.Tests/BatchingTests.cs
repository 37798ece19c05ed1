using System.Net;
using System.Text.Json;

namespace AlexNetSharp.Server.Tests;

/// <summary>Requests that are computed together, refused, given up, or too late.</summary>
public sealed class BatchingTests
{
    [Fact]
    public async Task Infer_ManyClientsAtOnce_EachGetsTheBitsOfItsOwnPicture()
    {
        const int Clients = 48, Rounds = 4;
        await using TestServer server = await TestServer.StartAsync(options => options with { MaximalBatch = 16 });
        byte[][] pixels = [.. Enumerable.Range(0, Clients).Select(TestModels.Pixels)];
        (float[][] logits, float[][] probabilities) = TestModels.Infer(server.ModelPath, pixels);
        using MetricSum batches = server.Sum("alexnet_batch_size");
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                JsonElement answer = await TestServer.JsonAsync(await server.InferPixelsAsync(pixels[client]));
                Assert.Equal(logits[client], TestServer.Output(answer, "logits"));
                Assert.Equal(probabilities[client], TestServer.Output(answer, "probabilities"));
            }
        }));
        Assert.Equal(Clients * Rounds, batches.Value);
        Assert.True(batches.Count < Clients * Rounds, "No two requests were computed together.");
    }

    [Fact]
    public async Task Infer_RequestLargerThanABatch_IsSplitAndAnsweredWhole()
    {
        const int Pictures = 37;
        await using TestServer server = await TestServer.StartAsync(options => options with { MaximalBatch = 8, MaximalDelay = TimeSpan.FromMilliseconds(5) });
        byte[][] pixels = [.. Enumerable.Range(0, Pictures).Select(TestModels.Pixels)];
        (float[][] logits, _) = TestModels.Infer(server.ModelPath, pixels);
        using MetricSum batches = server.Sum("alexnet_batch_size");
        JsonElement[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => await TestServer.JsonAsync(await server.InferPixelsAsync([.. pixels.SelectMany(picture => picture)]))));
        Assert.All(answers, answer => Assert.Equal(logits.SelectMany(row => row), TestServer.Output(answer, "logits")));
        Assert.Equal(3 * Pictures, batches.Value);
    }

    [Fact]
    public async Task Infer_QueueFull_IsRefusedAtOnceWithRetryAfter()
    {
        const int Requests = 10, Capacity = 2;
        await using TestServer server = await TestServer.StartAsync(options => options with { MaximalBatch = 1, QueueCapacity = Capacity });
        Task<HttpResponseMessage>[] answers;
        using (server.BlockEngine())
        {
            answers = [.. Enumerable.Range(0, Requests).Select(i => server.InferPixelsAsync(TestModels.Pixels(i)))];
            // One is in the engine, as many as may wait; the others are answered while the engine stands still.
            List<Task<HttpResponseMessage>> open = [.. answers];
            for (int refused = 0; refused < Requests - Capacity - 1; refused++)
            {
                Task<HttpResponseMessage> first = await Task.WhenAny(open);
                open.Remove(first);
                HttpResponseMessage response = await first;
                await TestServer.ErrorAsync(response, 503);
                Assert.NotNull(response.Headers.RetryAfter);
            }
        }
        HttpResponseMessage[] all = await Task.WhenAll(answers);
        Assert.InRange(all.Count(response => response.StatusCode == HttpStatusCode.OK), Capacity, Capacity + 1);
        // More pictures than can ever wait are not worth a retry.
        await TestServer.ErrorAsync(await server.InferPixelsAsync([.. TestModels.Pixels(0), .. TestModels.Pixels(1), .. TestModels.Pixels(2)]), 413);
    }

    [Fact]
    public async Task Infer_ClientThatHangsUp_IsDroppedFromTheBatch()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { MaximalBatch = 1 });
        using MetricSum batches = server.Sum("alexnet_batch_size"), dropped = server.Sum("alexnet_dropped"), hungUp = server.Sum("alexnet_failures", "hung_up");
        Task<HttpResponseMessage> running;
        using (server.BlockEngine())
        {
            running = server.InferPixelsAsync(TestModels.Pixels(0));
            await TestServer.UntilAsync(() => server.Batcher.Running == 1);
            using CancellationTokenSource hangUp = new();
            Task<HttpResponseMessage> waiting = server.InferPixelsAsync(TestModels.Pixels(1), hangUp.Token);
            await TestServer.UntilAsync(() => server.Batcher.Waiting == 1);
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            await TestServer.UntilAsync(() => hungUp.Value == 1);
        }
        await TestServer.JsonAsync(await running);
        await TestServer.UntilAsync(() => dropped.Value == 1);
        Assert.Equal(1, batches.Value);
    }

    [Fact]
    public async Task Infer_DeadlinePassedInTheQueue_IsAnswered504()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { MaximalBatch = 1, Deadline = TimeSpan.FromMilliseconds(50) });
        Task<HttpResponseMessage> running;
        using (server.BlockEngine())
        {
            running = server.InferPixelsAsync(TestModels.Pixels(0));
            await TestServer.UntilAsync(() => server.Batcher.Running == 1);
            Assert.Contains("deadline", await TestServer.ErrorAsync(await server.InferPixelsAsync(TestModels.Pixels(1)), 504), StringComparison.Ordinal);
        }
        // What is being computed is not given up.
        await TestServer.JsonAsync(await running);
    }
}
