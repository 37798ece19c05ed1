using System.Runtime.InteropServices;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>A tensor of an ONNX graph: element type, dimensions, and the elements as little-endian bytes, row-major.</summary>
/// <remarks>
/// A tensor without data stands for a value of which only type and shape are known (<see cref="OnnxShapes"/>). Nothing changes a tensor once
/// it is made, so tensors share memory with the file they came from and with one another.
/// </remarks>
internal sealed class OnnxTensor
{
    private readonly ReadOnlyMemory<byte> _data;

    private OnnxTensor(OnnxElementType elementType, int[] dims, ReadOnlyMemory<byte> data, bool hasData)
    {
        ElementType = elementType;
        Dims = dims;
        Count = OnnxShape.Count(dims);
        HasData = hasData;
        _data = data;
        if (hasData && data.Length != (long)Count * elementType.Size())
            throw new ArgumentException($"A tensor {this} takes {(long)Count * elementType.Size()} bytes; {data.Length} were given.");
    }

    /// <param name="elementType">What the elements are.</param>
    /// <param name="dims">The dimensions, checked by <see cref="OnnxShape.Checked"/>.</param>
    /// <param name="data">The elements; kept, not copied.</param>
    public OnnxTensor(OnnxElementType elementType, int[] dims, ReadOnlyMemory<byte> data)
        : this(elementType, dims, data, hasData: true)
    {
    }

    /// <summary>What the elements are.</summary>
    public OnnxElementType ElementType { get; }

    /// <summary>The dimensions, outermost first; none for a scalar. Not to be changed.</summary>
    public int[] Dims { get; }

    /// <summary>The number of dimensions.</summary>
    public int Rank => Dims.Length;

    /// <summary>The number of elements.</summary>
    public int Count { get; }

    /// <summary>Whether the elements are known, not only type and shape.</summary>
    public bool HasData { get; }

    /// <summary>The elements' bytes.</summary>
    public ReadOnlyMemory<byte> Data => HasData ? _data : throw new InvalidOperationException($"Of {this} only type and shape are known.");

    /// <summary>A value of which only type and shape are known.</summary>
    public static OnnxTensor OfShape(OnnxElementType elementType, int[] dims) => new(elementType, dims, default, hasData: false);

    /// <summary>A tensor of float32.</summary>
    public static OnnxTensor Of(int[] dims, params ReadOnlySpan<float> values) =>
        new(OnnxElementType.Float, dims, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor of int64.</summary>
    public static OnnxTensor Of(int[] dims, params ReadOnlySpan<long> values) =>
        new(OnnxElementType.Int64, dims, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor of any type from doubles, rounded to nearest; integers are cut towards zero and wrap around.</summary>
    public static OnnxTensor FromDoubles(OnnxElementType type, int[] dims, ReadOnlySpan<double> values) =>
        new(type, dims, OnnxValues.FromDoubles(type, values));

    /// <summary>A tensor of any type from integers; those that do not fit wrap around. uint64 comes as the int64 with the same bits.</summary>
    public static OnnxTensor FromIntegers(OnnxElementType type, int[] dims, ReadOnlySpan<long> values) =>
        new(type, dims, OnnxValues.FromIntegers(type, values));

    /// <summary>The elements, which must be of the size of <typeparamref name="T"/>, as they lie in memory.</summary>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Data.Span);

    /// <summary>A copy of the elements as float32, whatever they are.</summary>
    public float[] ToFloats() => ElementType == OnnxElementType.Float ? Values<float>().ToArray() : Array.ConvertAll(ToDoubles(), x => (float)x);

    /// <summary>A copy of the elements as doubles, whatever they are.</summary>
    public double[] ToDoubles() => OnnxValues.ToDoubles(ElementType, Data.Span);

    /// <summary>A copy of the elements, which are integers or truth values, as int64; uint64 keeps its bits.</summary>
    public long[] ToIntegers() => OnnxValues.ToIntegers(ElementType, Data.Span);

    /// <summary>The same elements under other dimensions with the same product.</summary>
    public OnnxTensor Reshaped(int[] dims) => HasData ? new(ElementType, dims, _data) : OfShape(ElementType, dims);

    /// <inheritdoc/>
    public override string ToString() => $"{ElementType.Name()} {OnnxShape.Text(Dims)}";
}
