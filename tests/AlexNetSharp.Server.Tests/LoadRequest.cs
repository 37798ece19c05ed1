using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AlexNetSharp.Server.Tests;

/// <summary>A request, byte by byte, and what each of some models would answer to it.</summary>
/// <param name="Message">Head and body; the connection stays open.</param>
/// <param name="Read">The numbers of an answer.</param>
/// <param name="Expected">The same numbers as the library gives them, for each model.</param>
internal sealed record LoadRequest(byte[] Message, Func<RawAnswer, float[]> Read, float[][] Expected)
{
    /// <summary>The model whose answer it is to the last bit; -1 where it is nobody's.</summary>
    public int ModelOf(RawAnswer answer)
    {
        float[] numbers = Read(answer);
        return Array.FindIndex(Expected, each => each.SequenceEqual(numbers));
    }

    /// <summary>Requests in all forms, for a model called <c>digits</c>: bytes, JSON and pictures.</summary>
    /// <param name="models">The files that are served under that name, at one time or another.</param>
    /// <param name="pictures">Different pictures.</param>
    public static LoadRequest[] Draw(string[] models, int pictures)
    {
        List<LoadRequest> requests = [];
        for (int i = 0; i < pictures; i++)
        {
            byte[] pixels = TestModels.Pixels(i);
            float[][] logits = [.. models.Select(model => TestModels.Infer(model, [pixels]).Logits[0])];
            byte[] json = Encoding.UTF8.GetBytes("""{"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28,1],"parameters":{"binary_data_size":784}}],"outputs":[{"name":"logits","parameters":{"binary_data":true}}]}""");
            requests.Add(new(Post("/v2/models/digits/infer", [.. json, .. pixels], $"Inference-Header-Content-Length: {json.Length}"), Binary, logits));
            byte[] text = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28,1],"data":[{{string.Join(',', pixels)}}]}],"outputs":[{"name":"logits"}]}""");
            requests.Add(new(Post("/v2/models/digits/infer", text, "Content-Type: application/json"), Json, logits));
            byte[] png = TestModels.Png(i);
            requests.Add(new(Post($"/predict?top={TestModels.Classes}", png, "Content-Type: image/png"), Picture, [.. models.Select(model => Predict(model, png))]));
        }
        return [.. requests];
    }

    private static byte[] Post(string path, byte[] body, string header) =>
        [.. Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    private static float[] Binary(RawAnswer answer)
    {
        ReadOnlySpan<byte> bytes = answer.Body.AsSpan(int.Parse(answer.Header("Inference-Header-Content-Length")!, CultureInfo.InvariantCulture));
        float[] numbers = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        return numbers;
    }

    private static float[] Json(RawAnswer answer) => TestServer.Output(JsonDocument.Parse(answer.Body).RootElement, "logits");

    private static float[] Picture(RawAnswer answer)
    {
        float[] numbers = new float[TestModels.Classes];
        foreach (JsonElement each in JsonDocument.Parse(answer.Body).RootElement.GetProperty("predictions")[0].GetProperty("top").EnumerateArray())
            numbers[int.Parse(each.GetProperty("label").GetString()!, CultureInfo.InvariantCulture)] = (float)each.GetProperty("probability").GetDouble();
        return numbers;
    }

    private static float[] Predict(string model, byte[] png)
    {
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, png);
        float[] probabilities = TestModels.Predict(model, file);
        File.Delete(file);
        return probabilities;
    }
}
