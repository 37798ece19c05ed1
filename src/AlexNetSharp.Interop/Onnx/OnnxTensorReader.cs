using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AlexNetSharp.Interop.Onnx.Messages;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Makes tensors of a model's TensorProto messages, trusting nothing that stands in them.</summary>
/// <param name="source">The model's name, for messages.</param>
/// <param name="external">Where the data outside the model's file is read.</param>
internal sealed class OnnxTensorReader(string source, OnnxExternalData external)
{
    /// <summary>Reads a tensor.</summary>
    /// <param name="proto">The message.</param>
    /// <param name="what">What it is, for messages: "initializer 'conv1.weight'".</param>
    /// <exception cref="InvalidDataException">Type, dimensions and data do not fit together.</exception>
    public OnnxTensor Read(TensorProto proto, string what)
    {
        if (!OnnxElementTypes.IsKnown(proto.DataType))
            throw Broken(what, $"element type {proto.DataType} is not read; known are {OnnxElementTypes.Names}");
        OnnxElementType type = (OnnxElementType)proto.DataType;
        if (proto.Segment is not null)
            throw Broken(what, "it is one segment of a larger tensor; segments are not read");
        int[] dims = OnnxShape.Checked(proto.Dims, type.Size()) ?? throw Broken(
            what,
            $"the dimensions {OnnxShape.Text(proto.Dims.Take(OnnxShape.LargestRank + 1))} are negative, too many (more than {OnnxShape.LargestRank}) " +
            $"or make a tensor of more than {OnnxShape.MostBytes} bytes");
        long bytes = (long)OnnxShape.Count(dims) * type.Size();
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            return new(type, dims, ReadExternal(proto, what, bytes));
        if (proto.DataLocation != TensorProto.Types.DataLocation.Default || proto.ExternalData.Count > 0)
            throw Broken(what, $"it names external data, but its data_location is {(int)proto.DataLocation}; 1 was expected");
        if (proto.RawData.Length == 0)
            return new(type, dims, ReadTyped(proto, type, what, OnnxShape.Count(dims)));
        if (FilledFields(proto) is { Length: > 0 } others)
            throw Broken(what, $"it holds both raw_data and {others}; one of them was expected");
        if (proto.RawData.Length != bytes)
            throw Broken(what, $"raw_data has {proto.RawData.Length} bytes; {type.Name()} {OnnxShape.Text(dims)} takes {bytes}");
        return new(type, dims, proto.RawData.Memory);
    }

    private ReadOnlyMemory<byte> ReadExternal(TensorProto proto, string what, long bytes)
    {
        if (proto.RawData.Length > 0 || FilledFields(proto).Length > 0)
            throw Broken(what, "its data are said to lie in another file, but some lie here as well");
        return external.Read(proto.ExternalData, bytes, problem => Broken(what, problem));
    }

    private byte[] ReadTyped(TensorProto proto, OnnxElementType type, string what, int count)
    {
        (string field, int found) = type switch
        {
            OnnxElementType.Float => ("float_data", proto.FloatData.Count),
            OnnxElementType.Double => ("double_data", proto.DoubleData.Count),
            OnnxElementType.Int64 => ("int64_data", proto.Int64Data.Count),
            OnnxElementType.UInt32 or OnnxElementType.UInt64 => ("uint64_data", proto.Uint64Data.Count),
            _ => ("int32_data", proto.Int32Data.Count),
        };
        if (FilledFields(proto) is { Length: > 0 } filled && filled != field)
            throw Broken(what, $"it holds {filled}; {type.Name()} stands in raw_data or {field}");
        if (found != count)
            throw Broken(what, $"{field} has {found} elements; the dimensions {OnnxShape.Text(proto.Dims)} need {count}");
        return type switch
        {
            OnnxElementType.Float => Bytes(proto.FloatData, x => x),
            OnnxElementType.Double => Bytes(proto.DoubleData, x => x),
            OnnxElementType.Int64 => Bytes(proto.Int64Data, x => x),
            OnnxElementType.UInt64 => Bytes(proto.Uint64Data, x => x),
            OnnxElementType.UInt32 => Bytes(proto.Uint64Data, x => Narrow<uint>((long)Math.Min(x, long.MaxValue), uint.MinValue, uint.MaxValue, field, what)),
            OnnxElementType.Int32 => Bytes(proto.Int32Data, x => x),
            OnnxElementType.Int16 => Bytes(proto.Int32Data, x => Narrow<short>(x, short.MinValue, short.MaxValue, field, what)),
            OnnxElementType.Int8 => Bytes(proto.Int32Data, x => Narrow<sbyte>(x, sbyte.MinValue, sbyte.MaxValue, field, what)),
            OnnxElementType.UInt8 => Bytes(proto.Int32Data, x => Narrow<byte>(x, byte.MinValue, byte.MaxValue, field, what)),
            OnnxElementType.Bool => Bytes(proto.Int32Data, x => Narrow<byte>(x, 0, 1, field, what)),
            _ => Bytes(proto.Int32Data, x => Narrow<ushort>(x, ushort.MinValue, ushort.MaxValue, field, what)), // uint16, and the bits of the halves
        };
    }

    /// <summary>The typed fields that hold something, for the comparison with the one that should.</summary>
    private static string FilledFields(TensorProto proto)
    {
        (string Name, int Count)[] fields =
        [
            ("float_data", proto.FloatData.Count), ("int32_data", proto.Int32Data.Count), ("int64_data", proto.Int64Data.Count),
            ("double_data", proto.DoubleData.Count), ("uint64_data", proto.Uint64Data.Count),
        ];
        return string.Join(" and ", fields.Where(f => f.Count > 0).Select(f => f.Name));
    }

    private static byte[] Bytes<TFrom, TTo>(IReadOnlyList<TFrom> values, Func<TFrom, TTo> convert)
        where TTo : unmanaged
    {
        byte[] bytes = new byte[values.Count * Unsafe.SizeOf<TTo>()];
        Span<TTo> elements = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        for (int i = 0; i < elements.Length; i++)
            elements[i] = convert(values[i]);
        return bytes;
    }

    private T Narrow<T>(long value, long smallest, long largest, string field, string what)
        where T : System.Numerics.INumberBase<T> => value >= smallest && value <= largest
        ? T.CreateTruncating(value)
        : throw Broken(what, $"{field} holds {value}; {smallest} to {largest} was expected");

    private InvalidDataException Broken(string what, string problem) => OnnxError.Of($"'{source}': {what}: {problem}.");
}
