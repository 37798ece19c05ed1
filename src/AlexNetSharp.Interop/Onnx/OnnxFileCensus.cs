namespace AlexNetSharp.Interop.Onnx;

/// <summary>Counts what a file would become as objects before any is made, so that a small file cannot fill the memory.</summary>
/// <remarks>
/// An empty message takes two bytes in a file and some two hundred in memory, and a packed integer one byte and eight. The walk goes down only
/// into the messages of onnx.proto that hold others, and jumps over the data.
/// </remarks>
internal sealed class OnnxFileCensus
{
    /// <summary>The most messages and strings that a model may hold; many times what published networks have.</summary>
    private const int MostParts = 200_000;

    /// <summary>The most bytes of integers of variable length that a model may hold: weights stand in raw_data or float_data.</summary>
    private const long MostIntegerBytes = 1 << 24;

    private readonly Stream _stream;
    private long _parts;
    private long _integerBytes;

    private OnnxFileCensus(Stream stream) => _stream = stream;

    private enum Kind
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        SparseTensor,
        Value,
        Type,
        TensorType,
        Shape,
    }

    private bool TooMany => _parts > MostParts || _integerBytes > MostIntegerBytes;

    /// <summary>Walks through the file.</summary>
    /// <exception cref="InvalidDataException">It holds more than any network would, or is not written in protobuf's wire format.</exception>
    public static void Check(Stream stream, string source)
    {
        // Not disposed of: that would close the file.
        OnnxFileCensus census = new(new BufferedStream(stream, 4096));
        if (!census.Walk(stream.Length, Kind.Model))
            throw OnnxError.Of($"'{source}' is no ONNX model: protobuf's wire format is broken before byte {census._stream.Position}.");
        if (census.TooMany)
        {
            throw OnnxError.Of(
                $"'{source}': it holds more than {MostParts} messages, or more than {MostIntegerBytes} bytes of integers outside raw_data. " +
                "Store tensors in raw_data or in external files.");
        }
    }

    /// <summary>Counts the fields of a message that ends at <paramref name="end"/>; false where the wire format is broken.</summary>
    private bool Walk(long end, Kind kind)
    {
        while (_stream.Position < end && !TooMany)
        {
            if (!TryReadNumber(out ulong tag))
                return false;
            switch (tag & 7)
            {
                case 0:
                    if (!TryReadNumber(out _))
                        return false;
                    _integerBytes++;
                    break;
                case 1:
                    _stream.Position += 8;
                    break;
                case 5:
                    _stream.Position += 4;
                    break;
                case 2:
                    if (!TryReadNumber(out ulong length) || _stream.Position > end || length > (ulong)(end - _stream.Position))
                        return false;
                    long next = _stream.Position + (long)length;
                    if (!Count((int)Math.Min(tag >> 3, int.MaxValue), (long)length, next, kind))
                        return false;
                    _stream.Position = next;
                    break;
                default:
                    return false;
            }
        }
        return TooMany || _stream.Position == end;
    }

    private bool Count(int field, long length, long end, Kind kind)
    {
        // Integers in variable length: Attribute.ints; Tensor.dims, int32_data, int64_data, uint64_data.
        bool isData = (kind, field) is (Kind.Tensor, 4 or 9 or 10) or (Kind.Attribute, 7);
        if ((kind, field) is (Kind.Attribute, 8) or (Kind.Tensor, 1 or 5 or 7 or 11))
            _integerBytes += length;
        else if (!isData)
            _parts++;
        Kind? inside = (kind, field) switch
        {
            (Kind.Model, 7) => Kind.Graph,
            (Kind.Graph, 1) => Kind.Node,
            (Kind.Graph, 5) or (Kind.Attribute, 5) or (Kind.SparseTensor, 1) => Kind.Tensor,
            (Kind.Graph, 11 or 12) => Kind.Value,
            (Kind.Graph, 15) => Kind.SparseTensor,
            (Kind.Node, 5) => Kind.Attribute,
            (Kind.Value, 2) => Kind.Type,
            (Kind.Type, 1) => Kind.TensorType,
            (Kind.TensorType, 2) => Kind.Shape,
            _ => null,
        };
        return inside is null || Walk(end, inside.Value);
    }

    private bool TryReadNumber(out ulong number)
    {
        number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int b = _stream.ReadByte();
            if (b < 0)
                return false;
            number |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return true;
        }
        return false;
    }
}
