using System.Text.Json;

namespace AlexNetSharp.Server.Tests;

/// <summary>Files that change while they are served.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task Refresh_FileReplacedUnderLoad_FailsNoRequest()
    {
        const int Replacements = 20, Clients = 4;
        await using TestServer server = await TestServer.StartAsync();
        string[] files = [server.ModelPath + ".a", TestModels.Write(Path.Combine(server.Folder, "other", "b.safetensors"), 12)];
        File.Copy(server.ModelPath, files[0]);
        byte[] pixels = TestModels.Pixels(5);
        float[][] expected = [.. files.Select(file => TestModels.Infer(file, [pixels]).Logits[0])];
        using CancellationTokenSource stop = new();
        int answered = 0;
        Task[] load = [.. Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                float[] logits = TestServer.Output(await TestServer.JsonAsync(await server.InferPixelsAsync(pixels)), "logits");
                Assert.Contains(expected, each => each.SequenceEqual(logits));
                Interlocked.Increment(ref answered);
            }
        }))];
        for (int i = 1; i <= Replacements; i++)
        {
            int before = Volatile.Read(ref answered);
            Replace(server, File.ReadAllBytes(files[i % 2]));
            Assert.Equal(expected[i % 2], await LogitsAsync(server, pixels));
            await TestServer.UntilAsync(() => Volatile.Read(ref answered) > before || load.Any(task => task.IsFaulted));
        }
        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    [Fact]
    public async Task Refresh_TruncatedFile_LeavesTheOldServingAndIsCounted()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] content = File.ReadAllBytes(server.ModelPath), pixels = TestModels.Pixels(6);
        float[] expected = await LogitsAsync(server, pixels);
        foreach (int length in (int[])[0, 7, content.Length / 2, content.Length - 1])
        {
            Replace(server, content[..length]);
            Assert.Equal(expected, await LogitsAsync(server, pixels));
        }
        File.Delete(server.ModelPath);
        server.Repository.Refresh();
        Assert.Equal(expected, await LogitsAsync(server, pixels));
        string metrics = await server.Client.GetStringAsync("/metrics");
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("alexnet_reloads_total", StringComparison.Ordinal) && line.Contains("outcome=\"failure\"", StringComparison.Ordinal) && line.EndsWith(" 4", StringComparison.Ordinal));
        // The next good one is taken.
        Replace(server, content);
        Assert.Equal(expected, await LogitsAsync(server, pixels));
        Assert.Null(server.Repository.Find("digits")!.Refused);
    }

    [Fact]
    public async Task Versions_OfAFolder_ComeAndGo()
    {
        string folder = Directory.CreateTempSubdirectory("alexnet-versions-").FullName;
        string first = TestModels.Write(Path.Combine(folder, "2", "model.safetensors"), 1), second = TestModels.Write(Path.Combine(folder, "10", "any.safetensors"), 2);
        byte[] pixels = TestModels.Pixels(7);
        await using TestServer server = await TestServer.StartAsync(options => options with { Models = [.. options.Models, new ModelSource("many", folder)] });
        Assert.Equal("""["2","10"]""", await VersionsAsync());
        Assert.Equal(TestModels.Infer(first, [pixels]).Logits[0], await LogitsAsync(server, pixels, "many/versions/2"));
        Assert.Equal(TestModels.Infer(second, [pixels]).Logits[0], await LogitsAsync(server, pixels, "many"));
        string third = TestModels.Write(Path.Combine(folder, "11", "model.safetensors"), 3);
        server.Repository.Refresh();
        server.Repository.Refresh();
        Assert.Equal(TestModels.Infer(third, [pixels]).Logits[0], await LogitsAsync(server, pixels, "many"));
        Directory.Delete(Path.Combine(folder, "2"), recursive: true);
        server.Repository.Refresh();
        Assert.Equal("""["10","11"]""", await VersionsAsync());
        Directory.Delete(folder, recursive: true);

        async Task<string> VersionsAsync() => (await TestServer.JsonAsync(await server.Client.GetAsync("/v2/models/many"))).GetProperty("versions").GetRawText();
    }

    [Theory]
    [InlineData("/models/mine.safetensors", "mine")]
    [InlineData("/runs/first/model.safetensors", "first")]
    [InlineData("a-name=/models/my model.safetensors", "a-name")]
    public void Parse_PathOrNameAndPath_GivesTheName(string text, string name) => Assert.Equal(name, ModelSource.Parse(text).Name);

    [Fact]
    public void Parse_NameThatCannotStandInAnAddress_SaysHowToGiveOne() =>
        Assert.Contains("NAME=", Assert.Throws<ArgumentException>(() => ModelSource.Parse("/models/my model.safetensors")).Message, StringComparison.Ordinal);

    private static void Replace(TestServer server, byte[] content)
    {
        string beside = server.ModelPath + ".new";
        File.WriteAllBytes(beside, content);
        File.Move(beside, server.ModelPath, overwrite: true);
        // The first look notices, the second one finds that nobody is writing any more.
        server.Repository.Refresh();
        server.Repository.Refresh();
    }

    private static async Task<float[]> LogitsAsync(TestServer server, byte[] pixels, string model = "digits")
    {
        JsonElement answer = await TestServer.JsonAsync(await server.InferAsync(
            new { inputs = new[] { new { name = "pixels", datatype = "UINT8", shape = new[] { 1, 28, 28, 1 }, data = pixels.Select(level => (int)level) } } }, model));
        return TestServer.Output(answer, "logits");
    }
}
