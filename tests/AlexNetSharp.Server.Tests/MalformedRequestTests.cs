using System.Collections.Concurrent;
using System.Globalization;

namespace AlexNetSharp.Server.Tests;

/// <summary>Whatever is sent, the answer is a refusal and the server goes on.</summary>
/// <remarks><c>ALEXNET_MALFORMED_REQUESTS</c> asks for more of them than the suite has time for, with times and memory: <c>reproduce/server/malformed.sh</c>.</remarks>
public sealed class MalformedRequestTests(ITestOutputHelper output)
{
    private const string CountVariable = "ALEXNET_MALFORMED_REQUESTS";
    private const int UsualCount = 320;
    private const int Clients = 8;

    // The server's 256 MiB for bodies, as much again twice until it is collected, and what the clients make their requests of.
    private const long MemoryBound = 3L << 29;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Server_ManyMalformedRequests_RefusesEachAndStaysHealthy()
    {
        string? asked = Environment.GetEnvironmentVariable(CountVariable);
        int count = asked is null ? UsualCount : int.Parse(asked, CultureInfo.InvariantCulture);
        await using TestServer server = await TestServer.StartAsync(options => options with { BodyTimeout = TimeSpan.FromMilliseconds(500), MaximalPictures = 100 });
        ConcurrentQueue<string> wrong = [];
        ConcurrentDictionary<string, (int Count, TimeSpan Longest)> kinds = [];
        int next = -1;
        long largest = 0;
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
                InterlockedMax(ref largest, Environment.WorkingSet);
            }
        })));
        Assert.Empty(wrong);
        Assert.True((await TestServer.JsonAsync(await server.Client.GetAsync("/v2/health/ready"))).GetProperty("ready").GetBoolean());
        (float[][] logits, _) = TestModels.Infer(server.ModelPath, [TestModels.Pixels(0)]);
        Assert.Equal(logits[0], TestServer.Output(await TestServer.JsonAsync(await server.InferPixelsAsync(TestModels.Pixels(0))), "logits"));
        foreach ((string kind, (int sent, TimeSpan longest)) in kinds.OrderBy(each => each.Key, StringComparer.Ordinal))
            output.WriteLine($"{kind,-16} {sent,6} requests, all refused; longest {longest.TotalMilliseconds,6:F0} ms");
        output.WriteLine($"largest resident memory of clients and server together: {largest / 1e6:F0} MB");
        Assert.True(largest < MemoryBound, $"{largest} bytes resident");
        // Only where somebody measures on purpose: the suite asserts no times.
        if (asked is not null)
            Assert.All(kinds, kind => Assert.True(kind.Value.Longest < LongestAnswer, $"{kind.Key}: {kind.Value.Longest}"));
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (long found = Volatile.Read(ref target); found < value; found = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, found);
    }
}
