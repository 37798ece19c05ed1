using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AlexNetSharp.Server.Tests;

/// <summary>The Open Inference Protocol as a client sees it.</summary>
public sealed class ProtocolTests
{
    [Fact]
    public async Task Metadata_OfServerAndModel_IsAsTheProtocolSays()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement v2 = await TestServer.JsonAsync(await server.Client.GetAsync("/v2"));
        Assert.Equal("alexnet", v2.GetProperty("name").GetString());
        Assert.Contains("binary_tensor_data", v2.GetProperty("extensions").EnumerateArray().Select(extension => extension.GetString()));
        Assert.True((await TestServer.JsonAsync(await server.Client.GetAsync("/v2/health/live"))).GetProperty("live").GetBoolean());
        Assert.True((await TestServer.JsonAsync(await server.Client.GetAsync("/v2/health/ready"))).GetProperty("ready").GetBoolean());
        foreach (string path in (string[])["/v2/models/digits", "/v2/models/digits/versions/1"])
        {
            JsonElement model = await TestServer.JsonAsync(await server.Client.GetAsync(path));
            Assert.Equal("""["1"]""", model.GetProperty("versions").GetRawText());
            Assert.Equal("""[{"name":"input","datatype":"FP32","shape":[-1,28,28,1]}]""", model.GetProperty("inputs").GetRawText());
            Assert.Equal("""[{"name":"logits","datatype":"FP32","shape":[-1,10]},{"name":"probabilities","datatype":"FP32","shape":[-1,10]}]""", model.GetProperty("outputs").GetRawText());
            Assert.True((await TestServer.JsonAsync(await server.Client.GetAsync(path + "/ready"))).GetProperty("ready").GetBoolean());
        }
        foreach (string path in (string[])["/v2/models/none", "/v2/models/none/ready", "/v2/models/digits/versions/2", "/v2/nothing"])
            Assert.Contains("There is no", (await TestServer.ErrorAsync(await server.Client.GetAsync(path), 404)).Replace("There is nothing", "There is no", StringComparison.Ordinal), StringComparison.Ordinal);
        await TestServer.ErrorAsync(await server.Client.PutAsync("/v2/models/digits/infer", null), 405);
    }

    [Fact]
    public async Task Infer_FlatNestedBytesAndBinary_GiveTheSameBits()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] pixels = [.. TestModels.Pixels(0), .. TestModels.Pixels(1)];
        float[] values = [.. pixels.Select(level => level / 255f)];
        (float[][] logits, float[][] probabilities) = TestModels.Infer(server.ModelPath, [TestModels.Pixels(0), TestModels.Pixels(1)]);
        float[] expected = [.. logits.SelectMany(row => row)];

        JsonElement flat = await TestServer.JsonAsync(await server.InferAsync(Request("input", "FP32", values)));
        Assert.Equal(expected, TestServer.Output(flat, "logits"));
        Assert.Equal(probabilities.SelectMany(row => row), TestServer.Output(flat, "probabilities"));
        Assert.Equal("a name \"of\" mine", flat.GetProperty("id").GetString());
        Assert.Equal(("digits", "1"), (flat.GetProperty("model_name").GetString(), flat.GetProperty("model_version").GetString()));
        Assert.Equal("[2,10]", flat.GetProperty("outputs")[0].GetProperty("shape").GetRawText());

        var nested = values.Chunk(784).Select(picture => picture.Chunk(28).Select(row => row.Select(value => new[] { value })));
        Assert.Equal(expected, TestServer.Output(await TestServer.JsonAsync(await server.InferAsync(Request("input", "FP32", nested))), "logits"));
        Assert.Equal(expected, TestServer.Output(await TestServer.JsonAsync(await server.InferPixelsAsync(pixels)), "logits"));

        foreach ((string name, string datatype, byte[] tail) in ((string, string, byte[])[])[("input", "FP32", MemoryMarshal.AsBytes(values.AsSpan()).ToArray()), ("pixels", "UINT8", pixels)])
        {
            byte[] header = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"parameters":{"binary_data_size":{{{tail.Length}}} },"name":"{{{name}}}","datatype":"{{{datatype}}}","shape":[2,28,28,1]}],"outputs":[{"name":"logits","parameters":{"binary_data":true}},{"name":"probabilities"}]}""");
            HttpResponseMessage response = await server.Client.SendAsync(Binary(header, tail));
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            int length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single());
            JsonElement json = JsonDocument.Parse(body.AsMemory(0, length)).RootElement;
            Assert.Equal(80, json.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
            Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(body.AsSpan(length)).ToArray());
            Assert.Equal(probabilities.SelectMany(row => row), TestServer.Output(json, "probabilities"));
        }

        static object Request(string name, string datatype, object data) =>
            new { id = "a name \"of\" mine", parameters = new { priority = 3 }, inputs = new[] { new { data, name, shape = new[] { 2, 28, 28, 1 }, datatype } } };
    }

    [Fact]
    public async Task Infer_BinaryForAllOutputs_FollowsTheRequestsParameter()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] header = """{"parameters":{"binary_data_output":true},"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28,1],"parameters":{"binary_data_size":784}}]}"""u8.ToArray();
        HttpResponseMessage response = await server.Client.SendAsync(Binary(header, TestModels.Pixels(3)));
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        int length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single());
        (float[][] logits, float[][] probabilities) = TestModels.Infer(server.ModelPath, [TestModels.Pixels(3)]);
        Assert.Equal([.. logits[0], .. probabilities[0]], MemoryMarshal.Cast<byte, float>(body.AsSpan(length)).ToArray());
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,28,28,1],"data":[1,2]}]}""", "holds 2 values")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,28,28,1],"data":[NaN]}]}""", "no JSON")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,28,28,1],"data":[1e999]}]}""", "not finite")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,28,28,1],"data":[[1],[1,2]]}]}""", "one length")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,28,28,1],"data":["1"]}]}""", "only finite numbers")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP64","shape":[1,28,28,1],"data":[1]}]}""", "FP32 is expected")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,1,28,28],"data":[1]}]}""", "[N,28,28,1]")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[0,28,28,1],"data":[]}]}""", "N from 1 up")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[-1,28,28,1],"data":[1]}]}""", "whole numbers")]
    [InlineData("""{"inputs":[{"name":"input","datatype":"FP32","shape":[9000000000000000000,28,28,1],"data":[1]}]}""", "[N,28,28,1]")]
    [InlineData("""{"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28,1],"parameters":{"binary_data_size":784}}]}""", "Inference-Header-Content-Length")]
    [InlineData("""{"inputs":[{"name":"other","datatype":"FP32","shape":[1,28,28,1],"data":[1]}]}""", "no input 'other'")]
    [InlineData("""{"inputs":[]}""", "is empty")]
    [InlineData("""{"outputs":[{"name":"none"}],"inputs":[]}""", "no output 'none'")]
    [InlineData("""{"id":7,"inputs":[]}""", "must be a string")]
    [InlineData("""{"id":"\ud800","inputs":[]}""", "no JSON")]
    [InlineData("""{"inputs":[{}]}x""", "no JSON")]
    [InlineData("[]", "object")]
    [InlineData("", "no JSON")]
    public async Task Infer_RequestThatMakesNoSense_SaysWhatWasExpected(string body, string expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpResponseMessage response = await server.Client.PostAsync("/v2/models/digits/infer", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Contains(expected, await TestServer.ErrorAsync(response, 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_PixelsThatAreNoBytesAndInfiniteAnswers_AreRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (string level in (string[])["256", "-1", "0.5"])
        {
            string data = string.Join(',', Enumerable.Repeat(level, 784));
            HttpResponseMessage refused = await server.Client.PostAsync("/v2/models/digits/infer", new StringContent($$"""{"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28,1],"data":[{{data}}]}]}"""));
            Assert.Contains("0 to 255", await TestServer.ErrorAsync(refused, 400), StringComparison.Ordinal);
        }
        string huge = string.Join(',', Enumerable.Repeat("3e38", 784));
        HttpResponseMessage infinite = await server.Client.PostAsync("/v2/models/digits/infer", new StringContent($$"""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,28,28,1],"data":[{{huge}}]}]}"""));
        Assert.Contains("JSON has no word", await TestServer.ErrorAsync(infinite, 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_ListsEveryAddressOfTheProtocol()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement paths = (await TestServer.JsonAsync(await server.Client.GetAsync("/openapi/v1.json"))).GetProperty("paths");
        string[] expected =
        [
            "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/{name}", "/v2/models/{name}/ready", "/v2/models/{name}/infer",
            "/v2/models/{name}/versions/{version}", "/v2/models/{name}/versions/{version}/ready", "/v2/models/{name}/versions/{version}/infer", "/predict",
        ];
        Assert.All(expected, path => Assert.True(paths.TryGetProperty(path, out _), path));
    }

    private static HttpRequestMessage Binary(byte[] header, byte[] tail)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/v2/models/digits/infer") { Content = new ByteArrayContent([.. header, .. tail]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("Inference-Header-Content-Length", $"{header.Length}");
        return request;
    }
}
