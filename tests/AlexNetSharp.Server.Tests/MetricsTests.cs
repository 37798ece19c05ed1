namespace AlexNetSharp.Server.Tests;

/// <summary>What <c>/metrics</c> shows. The exporter sees all servers of the process, so that no other may run meanwhile.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricsTests
{
    private const string Name = "metrics";

    [Fact]
    public async Task Metrics_AfterRequests_TellWhatHappened()
    {
        await using TestServer server = await TestServer.StartAsync();
        using MetricSum requests = server.Sum("alexnet_requests");
        await TestServer.JsonAsync(await server.InferPixelsAsync([.. TestModels.Pixels(0), .. TestModels.Pixels(1)]));
        await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", new ByteArrayContent([])), 400);
        // Counted when the answer has gone out.
        await TestServer.UntilAsync(() => requests.Count == 2);
        string metrics = await server.Client.GetStringAsync("/metrics");
        foreach (string expected in (string[])[
            "alexnet_requests_total{.*endpoint=\"/v2/models/{name}/infer\".*status=\"200\".*} 1", "alexnet_failures_total{.*reason=\"invalid\".*} 1", "alexnet_batch_size_sum{.*model=\"digits\".*} 2",
            "alexnet_queue_time_seconds_count{.*} 1", "alexnet_compute_time_seconds_count{.*} 1", "alexnet_queue_depth{.*model=\"digits\".*} 0", "alexnet_request_duration_seconds_count{.*}"])
            Assert.Matches(expected.Replace("{", "\\{", StringComparison.Ordinal).Replace("}", "\\}", StringComparison.Ordinal), metrics);
    }
}
