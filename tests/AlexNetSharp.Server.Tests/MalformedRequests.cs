using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AlexNetSharp.Server.Tests;

/// <summary>Requests that no server should answer with anything but a refusal, drawn at random from a seed.</summary>
internal sealed class MalformedRequests(int seed)
{
    private const string Infer = "POST /v2/models/digits/infer";
    private static readonly byte[] Bomb = Compress(new byte[64 << 20]);

    private readonly Random _random = new(seed);

    /// <summary>The kinds, by name.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["truncated JSON", "broken JSON", "wrong shape", "no number", "huge number", "wrong type", "binary lengths", "gzip bomb", "broken gzip", "large body", "slow body", "multipart", "bomb PNG", "broken PNG", "noise", "wrong address"];

    /// <summary>A request of a kind, in the pieces in which it is sent.</summary>
    public byte[][] Draw(string kind) => kind switch
    {
        "truncated JSON" => Json(Valid()[..^_random.Next(1, 700)]),
        "broken JSON" => Json(BrokenJson()),
        "wrong shape" => Json(Valid(shape: $"[{string.Join(',', Enumerable.Range(0, _random.Next(0, 7)).Select(_ => _random.NextInt64(-3, 1L << _random.Next(1, 62))))}]")),
        "no number" => Json(Valid().Replace("[0", $"[{Pick("NaN", "Infinity", "-Infinity", "null", "true", "\"1\"", "{}", "[]", "0x1", "1.", ".5", "+1", "01", "--1", "1e", "'1'")}", StringComparison.Ordinal)),
        "huge number" => Json(Valid().Replace("[0", $"[{Pick("1e39", "-1e39", "1e999", "-9e99999", new string('9', 60), new string('9', 5000), "3.5e38")}", StringComparison.Ordinal)),
        "wrong type" => Json(Pick("[]", "null", "1", "\"x\"", """{"inputs":{}}""", """{"inputs":[1]}""", """{"inputs":[[]]}""", """{"inputs":[{"name":1}]}""", """{"inputs":[{"shape":"x"}]}""", """{"inputs":[{"data":{}}]}""", """{"outputs":1}""",
            """{"parameters":[]}""", """{"parameters":{"binary_data_output":"x"}}""", new string('[', 5000), $$"""{"a":{{new string('[', 200)}}""")),
        "binary lengths" => Binary(),
        "gzip bomb" => Body(Pick(Infer, "POST /predict"), Bomb, "Content-Type: image/png", "Content-Encoding: gzip"),
        "broken gzip" => Body(Pick(Infer, "POST /predict"), Noise(), "Content-Encoding: " + Pick("gzip", "br", "deflate", "zstd", "gzip, gzip")),
        "large body" => LargeBody(),
        "slow body" => [RawClient.Head(Pick(Infer, "POST /predict"), $"Content-Length: {_random.Next(10, 100_000)}"), Noise()[..5]],
        "multipart" => Multipart(),
        "bomb PNG" => Body("POST /predict", Png((uint)_random.Next(8_000, int.MaxValue), (uint)_random.Next(8_000, int.MaxValue)), "Content-Type: image/png"),
        "broken PNG" => Body("POST /predict", BrokenPng(), "Content-Type: image/png"),
        "noise" => [[(byte)_random.Next(1, 32), .. Noise(), .. "\r\n\r\n"u8]],
        _ => [RawClient.Head(Pick("GET", "POST", "PUT", "DELETE", "BREW") + " /" + Pick("v3", "v2/models/none", "v2/models/digits/versions/9", "v2/models/%00", "predict/x", "../../etc/passwd", "v2/models/" + new string('x', 3000)), Pick("Content-Length: 0", "X: y"))],
    };

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    private static byte[][] Json(string text) => Body(Infer, Encoding.UTF8.GetBytes(text), "Content-Type: application/json");

    private static byte[][] Body(string line, byte[] body, params string[] headers) => [RawClient.Head(line, [.. headers, $"Content-Length: {body.Length}"]), body];

    private static string Valid(string shape = "[1,28,28,1]") =>
        $$"""{"id":"x","inputs":[{"name":"input","datatype":"FP32","shape":{{shape}},"data":[0{{string.Concat(Enumerable.Repeat(",0.5", 783))}}]}]}""";

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    private byte[] Noise()
    {
        byte[] bytes = new byte[_random.Next(5, 3000)];
        _random.NextBytes(bytes);
        // Never the start of a picture, of gzip or of JSON.
        bytes[0] = 1;
        return bytes;
    }

    private string BrokenJson()
    {
        string valid = Valid();
        return _random.Next(5) switch
        {
            0 => valid + Pick("}", "]", ",", "x", "{}"),
            1 => valid.Replace('"', '\''),
            2 => valid.Insert(BehindPunctuation(valid), Pick("\u0001", "}", "]")),
            3 => valid.Replace(",0.5]", ",]", StringComparison.Ordinal),
            _ => valid.Replace("\"id\":\"x\"", $"\"id\":{Pick("\"\\ud800\"", "\"\\x\"", "undefined", "\"\n\"")}", StringComparison.Ordinal),
        };
    }

    // Outside of strings, which hold none of these.
    private int BehindPunctuation(string json)
    {
        int[] places = [.. Enumerable.Range(1, json.Length - 1).Where(i => "{[:,".Contains(json[i - 1], StringComparison.Ordinal))];
        return places[_random.Next(places.Length)];
    }

    private byte[][] Binary()
    {
        int announced = _random.Next(0, 4000), sent = _random.Next(0, 4000), shift = _random.Next(-40, 40);
        if (announced == 3136 && sent == 3136)
            sent++;
        byte[] json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"input","datatype":"FP32","shape":[1,28,28,1],"parameters":{"binary_data_size":{{announced}} } }]}""");
        string length = Pick($"{json.Length}", $"{json.Length + shift}", "-1", "x", "99999999999999999999", "");
        return Body(Infer, [.. json, .. new byte[sent]], "Inference-Header-Content-Length: " + length);
    }

    private byte[][] LargeBody()
    {
        const int Length = 100_000_000, Piece = 1 << 20;
        byte[] piece = new byte[Piece];
        IEnumerable<byte[]> pieces = Enumerable.Repeat(piece, Length / Piece);
        string line = Pick(Infer, "POST /predict");
        // Chunked, it is cut off as soon as it has become too large.
        return _random.Next(2) == 0
            ? [RawClient.Head(line, $"Content-Length: {Length / Piece * Piece}"), .. pieces]
            : [RawClient.Head(line, "Transfer-Encoding: chunked"), .. pieces.SelectMany(each => (byte[][])[Encoding.ASCII.GetBytes($"{Piece:x}\r\n"), each, "\r\n"u8.ToArray()])];
    }

    private byte[][] Multipart()
    {
        string part = "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.png\"\r\n\r\n";
        (string boundary, string body) = _random.Next(7) switch
        {
            0 => ("b", part + "cut off"),
            1 => ("b", "--other\r\n\r\nx\r\n--other--\r\n"),
            2 => ("", part + "x\r\n--b--\r\n"),
            3 => ("b", $"--b\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"H{i}: x\r\n"))}\r\nx\r\n--b--\r\n"),
            4 => ("b", $"--b\r\nX: {new string('x', 40_000)}\r\n\r\nx\r\n--b--\r\n"),
            5 => (new string('b', 300), part + "x\r\n--b--\r\n"),
            _ => ("b", string.Concat(Enumerable.Repeat(part + "no picture\r\n", _random.Next(1, 400))) + "--b--\r\n"),
        };
        return Body("POST /predict", Encoding.Latin1.GetBytes(body), $"Content-Type: multipart/form-data; boundary={boundary}");
    }

    private byte[] BrokenPng()
    {
        byte[] png = TestModels.Png(_random.Next(100));
        if (_random.Next(2) == 0)
            return png[.._random.Next(1, png.Length / 2)];
        // Within the header, where its checksum finds it.
        png[_random.Next(12, 33)] ^= (byte)_random.Next(1, 256);
        return png;
    }

    // A header that announces a giant, and data that would unfold.
    private static byte[] Png(uint width, uint height)
    {
        byte[] png = new byte[8 + 25];
        ReadOnlySpan<byte> start = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];
        start.CopyTo(png);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), height);
        png[24] = 8;
        return [.. png, .. Bomb];
    }
}
