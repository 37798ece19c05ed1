using System.Net.Http.Headers;
using System.Text.Json;

namespace AlexNetSharp.Server.Tests;

/// <summary>Pictures in, labels out, as the command gives them.</summary>
public sealed class PredictTests
{
    private const int Pictures = 12;

    [Fact]
    public async Task Predict_PicturesAloneAndTogether_EqualsTheCommandsAnswersBitForBit()
    {
        await using TestServer server = await TestServer.StartAsync();
        double[][] expected = new double[Pictures][];
        for (int i = 0; i < Pictures; i++)
        {
            string file = Path.Combine(server.Folder, $"{i}.png");
            await File.WriteAllBytesAsync(file, TestModels.Png(i));
            expected[i] = [.. TestModels.Predict(server.ModelPath, file).Select(probability => (double)probability)];
        }
        using MultipartFormDataContent together = [];
        for (int i = 0; i < Pictures; i++)
            together.Add(Picture(i), "file", $"{i}.png");
        together.Add(new StringContent("no picture"), "comment");
        JsonElement answer = await TestServer.JsonAsync(await server.Client.PostAsync("/predict?top=10&model=digits", together));
        Assert.Equal(Pictures, answer.GetProperty("predictions").GetArrayLength());
        for (int i = 0; i < Pictures; i++)
        {
            JsonElement ofMany = answer.GetProperty("predictions")[i];
            Assert.Equal($"{i}.png", ofMany.GetProperty("file").GetString());
            AssertTop(expected[i], ofMany.GetProperty("top"));
        }
        JsonElement[] alone = await Task.WhenAll(Enumerable.Range(0, Pictures).Select(async i => await TestServer.JsonAsync(await server.Client.PostAsync("/predict?top=10", Picture(i)))));
        for (int i = 0; i < Pictures; i++)
            AssertTop(expected[i], alone[i].GetProperty("predictions")[0].GetProperty("top"));
    }

    [Fact]
    public async Task Predict_WhatIsNoPicture_SaysWhatWasExpected()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { MaximalPixels = 10_000, MaximalPictures = 2 });
        Assert.Contains("not a picture", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", Bytes("hello"u8.ToArray(), "image/png")), 400), StringComparison.Ordinal);
        Assert.Contains("empty", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", Bytes([], "image/png")), 400), StringComparison.Ordinal);
        Assert.Contains("10000 at most", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", Picture(0)), 400), StringComparison.Ordinal);
        Assert.Contains("text/plain", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", new StringContent("x")), 415), StringComparison.Ordinal);
        Assert.Contains("no file", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", new MultipartFormDataContent { { new StringContent("x"), "a" } }), 400), StringComparison.Ordinal);
        Assert.Contains("broken", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", Multipart("--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\nxxx")), 400), StringComparison.Ordinal);
        using MultipartFormDataContent many = [];
        for (int i = 0; i < 3; i++)
            many.Add(Picture(i), "file", $"{i}.png");
        await TestServer.ErrorAsync(await server.Client.PostAsync("/predict", many), 413);
        Assert.Contains("top is '0'", await TestServer.ErrorAsync(await server.Client.PostAsync("/predict?top=0", Picture(0)), 400), StringComparison.Ordinal);
        await TestServer.ErrorAsync(await server.Client.PostAsync("/predict?model=none", Picture(0)), 404);

        static ByteArrayContent Multipart(string body)
        {
            ByteArrayContent content = new(System.Text.Encoding.ASCII.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
            return content;
        }
    }

    private static void AssertTop(double[] expected, JsonElement top)
    {
        Assert.Equal(expected.OrderDescending(), top.EnumerateArray().Select(label => label.GetProperty("probability").GetDouble()));
        Assert.All(top.EnumerateArray(), label => Assert.Equal(expected[int.Parse(label.GetProperty("label").GetString()!)], label.GetProperty("probability").GetDouble()));
    }

    private static ByteArrayContent Picture(int index) => Bytes(TestModels.Png(index), "image/png");

    private static ByteArrayContent Bytes(byte[] bytes, string type)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }
}
