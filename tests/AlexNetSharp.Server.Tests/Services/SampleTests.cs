using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Server.Tests.Services;

/// <summary>The samples, started as their readers would.</summary>
[Collection(SmallModelTests.Name)]
public sealed partial class SampleTests(SmallModel model)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AspNetCorePredict_PostedASeven_SaysSeven()
    {
        using Process process = Start("AspNetCorePredict", "--urls", "http://127.0.0.1:0", "--AlexNet:Model", model.ModelPath);
        try
        {
            using HttpClient client = new() { BaseAddress = new Uri(await AddressAsync(process)) };
            using AlexNet alexnet = AlexNet.Load(model.ModelPath);
            Classification expected = alexnet.Predict(model.Png(0));
            Assert.Equal("7", expected.Label);

            using HttpResponseMessage predicted = await client.PostAsync("/predict", new ByteArrayContent(model.Png(0)), Cancellation);
            using HttpResponseMessage label = await client.PostAsync("/label", new ByteArrayContent(model.Png(0)), Cancellation);

            JsonElement top = (await predicted.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("predictions")[0].GetProperty("top");
            Assert.Equal(expected.Labels[..3].Select(each => (each.Label, each.Probability)), top.EnumerateArray()
                .Select(each => (each.GetProperty("label").GetString()!, each.GetProperty("probability").GetSingle())));
            Assert.Equal("7", await label.Content.ReadAsStringAsync(Cancellation));
            Assert.Contains("0, 1, 2", await client.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task ThreeLines_GivenASeven_SaysSeven()
    {
        string path = model.NewFile("seven.png", model.Png(0));
        using Process process = Start("ThreeLines", model.ModelPath, path);

        string output = await process.StandardOutput.ReadToEndAsync(Cancellation).WaitAsync(Patience, Cancellation);

        Assert.StartsWith("7 (", output, StringComparison.Ordinal);
    }

    private static Process Start(string sample, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments]) { RedirectStandardOutput = true })!;

    private static async Task<string> AddressAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(Patience, Cancellation) is string line)
        {
            if (Listening().Match(line) is { Success: true } match)
                return match.Groups[1].Value;
        }
        throw new InvalidOperationException("The sample ended before it listened.");
    }

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();
}
