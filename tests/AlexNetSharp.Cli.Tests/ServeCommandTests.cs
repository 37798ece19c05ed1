using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlexNetSharp.Data;
using AlexNetSharp.Images;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed partial class ServeCommandTests(TrainedModel model)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Serve_Model_AnswersAsPredictDoesKeepsItWhenTheFileBreaksAndEndsAtSigterm()
    {
        string folder = model.NewFolder(), served = Path.Combine(folder, "digits.safetensors"), picture = Path.Combine(folder, "digit.png");
        File.Copy(model.ModelPath, served);
        PictureWriter.WritePng(new StoredImage(28, 28, model.Test.Pixels.AsMemory(0, 28 * 28)), 1, picture);
        CommandResult predicted = AlexNetCommand.Run("predict", model.ModelPath, picture, "--json", "--top", "10");
        predicted.AssertDone();
        using Process process = AlexNetCommand.Start(
            folder, "dotnet", Path.Combine(AppContext.BaseDirectory, "alexnet.dll"), "serve", served, "--urls", "http://127.0.0.1:0", "--reload", "0.05", "--log-format", "json");
        try
        {
            string listening = await LineAsync(process, "Now listening on");
            await LineAsync(process, "All models are loaded");
            using HttpClient client = new() { BaseAddress = new Uri(Address().Match(listening).Value) };
            Assert.Equal(predicted.Json[0].GetProperty("top").GetRawText(), await TopAsync(client, picture));
            byte[] content = File.ReadAllBytes(served);
            File.WriteAllBytes(served + ".new", content[..(content.Length / 2)]);
            File.Move(served + ".new", served, overwrite: true);
            using JsonDocument log = JsonDocument.Parse(await LineAsync(process, "was not reloaded"));
            Assert.Equal("Error", log.RootElement.GetProperty("LogLevel").GetString());
            Assert.Equal(predicted.Json[0].GetProperty("top").GetRawText(), await TopAsync(client, picture));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken)).StatusCode);
            Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
            using CancellationTokenSource patience = new(Patience);
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void Serve_WhatCannotBeServed_SaysSoInOneLine()
    {
        string broken = model.NewPath("broken.safetensors");
        File.WriteAllText(broken, "no model");
        CommandResult failed = AlexNetCommand.Run("serve", broken, "--urls", "http://127.0.0.1:0");
        failed.AssertFails(1, broken);
        AlexNetCommand.Run("serve", "--urls", "https://127.0.0.1:0").AssertFails(2, "https://127.0.0.1:0", "http://HOST:PORT");
        AlexNetCommand.Run("serve", "--max-batch", "0").AssertFails(2, "--max-batch", "1 to 4096");
        AlexNetCommand.Run("serve", "a=x.safetensors", "a=y.safetensors").AssertFails(2, "'a'", "2 times");
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Address();

    private static async Task<string> LineAsync(Process process, string part)
    {
        using CancellationTokenSource patience = new(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is string line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }
        Assert.Fail($"The server ended without a line that holds '{part}': {await process.StandardError.ReadToEndAsync()}");
        return "";
    }

    private static async Task<string> TopAsync(HttpClient client, string picture)
    {
        using ByteArrayContent content = new(await File.ReadAllBytesAsync(picture));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using HttpResponseMessage response = await client.PostAsync("/predict?top=10", content);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("predictions")[0].GetProperty("top").GetRawText();
    }
}
