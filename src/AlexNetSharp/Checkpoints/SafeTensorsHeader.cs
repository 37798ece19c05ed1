using System.Collections.Immutable;
using System.Text.Json;

namespace AlexNetSharp.Checkpoints;

/// <summary>Reads the JSON at the head of a safetensors file in one pass, so that what it takes is bounded by the limits here and not by what the file claims.</summary>
internal ref struct SafeTensorsHeader
{
    // Where the JSON begins in the file.
    private const int Start = sizeof(ulong);

    // No file of models that exists comes near these; together they bound the memory that a header can ask for.
    private const int MaximalEntries = 100_000;
    private const int MaximalRank = 64;
    private const int MaximalTextBytes = 1 << 24;

    private readonly string _name;
    private readonly ImmutableArray<SafeTensorInfo>.Builder _tensors = ImmutableArray.CreateBuilder<SafeTensorInfo>();
    private readonly ImmutableSortedDictionary<string, string>.Builder _metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
    private Utf8JsonReader _json;

    private SafeTensorsHeader(ReadOnlySpan<byte> header, string name)
    {
        _json = new Utf8JsonReader(header);
        _name = name;
    }

    private readonly long Offset => Start + _json.TokenStartIndex;

    /// <summary>The tensors in the order of the header, and the metadata.</summary>
    /// <param name="header">The JSON.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="InvalidDataException">It is no header; the message gives the offset.</exception>
    public static (ImmutableArray<SafeTensorInfo> Tensors, ImmutableSortedDictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> header, string name)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
            throw SafeTensorsFile.Broken(name, Start, $"the header begins with {(header.IsEmpty ? "nothing" : $"byte 0x{header[0]:x2}")}; expected '{{'. It is no safetensors file");
        SafeTensorsHeader parser = new(header, name);
        try
        {
            parser.ReadAll();
            return (parser._tensors.DrainToImmutable(), parser._metadata.ToImmutable());
        }
        catch (JsonException e)
        {
            throw SafeTensorsFile.Broken(name, Start + parser._json.BytesConsumed, $"the header is no JSON: {e.Message.TrimEnd('.')}", e);
        }
        catch (InvalidOperationException e)
        {
            // What the reader says of text that is no Unicode.
            throw SafeTensorsFile.Broken(name, parser.Offset, $"the header holds text that is no UTF-8; expected a name or a value: {e.Message.TrimEnd('.')}", e);
        }
    }

    private void ReadAll()
    {
        _json.Read();
        HashSet<string> names = [];
        while (NextName("a tensor's name") is string tensor)
        {
            if (!names.Add(tensor))
                throw Broken($"the name '{tensor}' occurs twice in the header; expected once");
            if (names.Count > MaximalEntries)
                throw Broken($"the header has more than {MaximalEntries} tensors; expected at most so many");
            if (tensor == SafeTensorsFormat.MetadataKey)
                ReadMetadata();
            else
                ReadTensor(tensor);
        }
        // Only spaces may follow.
        _json.Read();
    }

    private void ReadMetadata()
    {
        Require(JsonTokenType.StartObject, "the metadata", "an object of texts");
        while (NextName("a key of the metadata") is string key)
        {
            if (_metadata.ContainsKey(key))
                throw Broken($"the key '{key}' occurs twice in the metadata; expected once");
            if (_metadata.Count == MaximalEntries)
                throw Broken($"the metadata have more than {MaximalEntries} entries; expected at most so many");
            Require(JsonTokenType.String, $"metadata '{key}'", "text");
            _metadata[key] = Text();
        }
    }

    private void ReadTensor(string tensor)
    {
        Require(JsonTokenType.StartObject, $"tensor '{tensor}'", "an object of dtype, shape and data_offsets");
        long start = Offset;
        string? type = null;
        ImmutableArray<int>? shape = null;
        (long Begin, long End)? offsets = null;
        while (NextName($"a key of tensor '{tensor}'") is string key)
        {
            bool twice = key switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (twice)
                throw Broken($"tensor '{tensor}' has '{key}' twice; expected once");
            switch (key)
            {
                case "dtype":
                    Require(JsonTokenType.String, $"the dtype of tensor '{tensor}'", "text");
                    type = Text();
                    if (!SafeTensorsFormat.Bits.ContainsKey(type))
                        throw Broken($"tensor '{tensor}' has the dtype '{type}'; expected one that the format has ({string.Join(", ", SafeTensorsFormat.Bits.Keys.Order(StringComparer.Ordinal))})");
                    break;
                case "shape":
                    shape = ReadShape(tensor);
                    break;
                case "data_offsets":
                    offsets = ReadOffsets(tensor);
                    break;
                default:
                    throw Broken($"tensor '{tensor}' has the key '{key}'; expected dtype, shape and data_offsets");
            }
        }
        if (type is null || shape is not ImmutableArray<int> sizes || offsets is not (long begin, long end))
            throw SafeTensorsFile.Broken(_name, start, $"tensor '{tensor}' lacks '{(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}'; expected dtype, shape and data_offsets");
        long? bytes = Bytes(sizes, SafeTensorsFormat.Bits[type]);
        if (bytes != end - begin)
        {
            string expected = bytes is null ? "a shape whose bytes can be counted" : $"{bytes} bytes";
            throw SafeTensorsFile.Broken(_name, start, $"tensor '{tensor}' of shape [{string.Join(',', sizes)}] and dtype {type} lies at {begin} to {end}; expected {expected}");
        }
        _tensors.Add(new SafeTensorInfo(tensor, type, sizes, begin, end));
    }

    private ImmutableArray<int> ReadShape(string tensor)
    {
        Require(JsonTokenType.StartArray, $"the shape of tensor '{tensor}'", "a list of sizes");
        ImmutableArray<int>.Builder sizes = ImmutableArray.CreateBuilder<int>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt32(out int size) || size < 0)
                throw Broken($"a size of tensor '{tensor}' is {Found()}; expected a whole number from 0 to {int.MaxValue}");
            if (sizes.Count == MaximalRank)
                throw Broken($"tensor '{tensor}' has more than {MaximalRank} dimensions; expected at most so many");
            sizes.Add(size);
        }
        return sizes.DrainToImmutable();
    }

    private (long Begin, long End) ReadOffsets(string tensor)
    {
        Require(JsonTokenType.StartArray, $"the data_offsets of tensor '{tensor}'", "a list of two");
        Span<long> offsets = stackalloc long[2];
        int count = 0;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (count == offsets.Length)
                throw Broken($"tensor '{tensor}' has more than 2 data offsets; expected 2");
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out offsets[count++]) || offsets[count - 1] < 0)
                throw Broken($"a data offset of tensor '{tensor}' is {Found()}; expected a whole number from 0 to {long.MaxValue}");
        }
        if (count < offsets.Length)
            throw Broken($"tensor '{tensor}' has {count} data offsets; expected 2");
        return offsets[1] >= offsets[0] ? (offsets[0], offsets[1]) : throw Broken($"tensor '{tensor}' lies at {offsets[0]} to {offsets[1]}; expected an end that is not before the beginning");
    }

    // Null where they cannot be counted, or end within a byte.
    private static long? Bytes(ImmutableArray<int> shape, int bits)
    {
        try
        {
            long count = SafeTensorsFormat.ElementCount(shape), whole = checked(count * bits);
            return whole % 8 == 0 ? whole / 8 : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // The next key of the object that is being read; null at its end.
    private string? NextName(string what)
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.EndObject => null,
            JsonTokenType.PropertyName => Text(),
            _ => throw Broken($"{what} is {Found()}; expected text"),
        };
    }

    private void Require(JsonTokenType type, string what, string expected)
    {
        _json.Read();
        if (_json.TokenType != type)
            throw Broken($"{what} is {Found()}; expected {expected}");
    }

    private readonly string Text() => _json.ValueSpan.Length <= MaximalTextBytes
        ? _json.GetString()!
        : throw Broken($"the header holds a text of {_json.ValueSpan.Length} bytes; expected at most {MaximalTextBytes}");

    private readonly string Found() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(_json.ValueSpan[..Math.Min(_json.ValueSpan.Length, 40)]),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "null",
    };

    private readonly InvalidDataException Broken(string problem) => SafeTensorsFile.Broken(_name, Offset, problem);
}
