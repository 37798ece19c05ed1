using System.Collections.Concurrent;
using System.Globalization;

namespace AlexNetSharp.Server.Tests;

/// <summary>Whatever is sent, the answer is a refusal and the server goes on.</summary>
/// <remarks><c>ALEXNET_MALFORMED_REQUESTS</c> asks for more of them than the suite has time for, with times and memory: <c>reproduce/server/malformed.sh</c>.</remarks>
public sealed class MalformedRequestTests(ITestOutputHelper output) : IDisposable
{
    private const string CountVariable = "ALEXNET_MALFORMED_REQUESTS";
    private const int UsualCount = 320;
    private const int Clients = 8;

    // The server's 256 MiB for bodies, and as much again until it is collected; the runtime and the model need 100 MB.
    private const long MemoryBound = 700_000_000;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("alexnet-malformed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Server_ManyMalformedRequests_RefusesEachAndStaysHealthy()
    {
        string? asked = Environment.GetEnvironmentVariable(CountVariable);
        int count = asked is null ? UsualCount : int.Parse(asked, CultureInfo.InvariantCulture);
        string model = TestModels.Write(Path.Combine(_folder, "digits.safetensors"), 1);
        // In a process of its own, so that its memory is its own.
        await using ServeProcess server = await ServeProcess.StartAsync($"digits={model}", "--body-timeout", "0.5");
        ConcurrentQueue<string> wrong = [];
        ConcurrentDictionary<string, (int Count, TimeSpan Longest)> kinds = [];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                string kind = MalformedRequests.Kinds[i % MalformedRequests.Kinds.Count];
                byte[][] request = new MalformedRequests(i).Draw(kind);
                (string answer, TimeSpan time) = await RawClient.SendTimedAsync(server.Uri, request);
                if (RawClient.Status(answer) is < 400 or >= 500)
                    wrong.Enqueue($"request {i}, {kind}: '{answer[..Math.Min(300, answer.Length)]}'");
                kinds.AddOrUpdate(kind, (1, time), (_, before) => (before.Count + 1, time > before.Longest ? time : before.Longest));
            }
        })));
        Assert.Empty(wrong);
        LoadClients after = new(server.Uri, LoadRequest.Draw([model], pictures: 2), Clients);
        await after.ReachAsync(10 * Clients);
        await after.StopAsync();
        Assert.Empty(after.Wrong);
        using HttpClient client = new() { BaseAddress = server.Uri };
        Assert.True((await TestServer.JsonAsync(await client.GetAsync("/v2/health/ready"))).GetProperty("ready").GetBoolean());
        foreach ((string kind, (int sent, TimeSpan longest)) in kinds.OrderBy(each => each.Key, StringComparer.Ordinal))
            output.WriteLine($"{kind,-16} {sent,6} requests, all refused; longest {longest.TotalMilliseconds,6:F0} ms");
        long largest = server.PeakMemory;
        output.WriteLine($"largest resident memory of the server: {largest / 1e6:F0} MB; ready afterwards, and {after.Answered} answers to {Clients} clients right to the last bit");
        Assert.True(largest < MemoryBound, $"{largest} bytes resident");
        // Only where somebody measures on purpose: the suite asserts no times.
        if (asked is not null)
            Assert.All(kinds, kind => Assert.True(kind.Value.Longest < LongestAnswer, $"{kind.Key}: {kind.Value.Longest}"));
    }
}
