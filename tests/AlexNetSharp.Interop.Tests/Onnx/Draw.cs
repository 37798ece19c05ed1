using AlexNetSharp.Interop.Onnx;
using CsCheck;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Draws the parts of an <see cref="OperatorCase"/>, all from one seed.</summary>
internal sealed class Draw(uint seed)
{
    /// <summary>The newest operator set that ONNX Runtime 1.31 has.</summary>
    public const int NewestOpset = OnnxGraph.NewestOpset;

    private static readonly int[] Opsets = [7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 22, NewestOpset];

    private readonly Random _random = new((int)seed);

    /// <summary>Cases made from seeds that CsCheck draws.</summary>
    public static Gen<OperatorCase> Cases(Func<Draw, OperatorCase> make) => Gen.UInt.Select(seed => make(new(seed)));

    /// <summary>An operator set from <paramref name="oldest"/> on.</summary>
    public int Opset(int oldest = 7) => Of([.. Opsets.Where(o => o >= oldest)]);

    /// <summary>An integer, both ends included.</summary>
    public int Int(int smallest, int largest) => _random.Next(smallest, largest + 1);

    /// <summary>True in one of two cases.</summary>
    public bool Bool() => _random.Next(2) == 0;

    /// <summary>One of the choices.</summary>
    public T Of<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    /// <summary>A float in [-2, 2].</summary>
    public float Float() => (_random.NextSingle() * 4) - 2;

    /// <summary>Integers, both ends included.</summary>
    public long[] Ints(int count, int smallest, int largest) => [.. Enumerable.Range(0, count).Select(_ => (long)Int(smallest, largest))];

    /// <summary>Dimensions.</summary>
    public int[] Dims(int rank, int smallest = 1, int largest = 4) => [.. Ints(rank, smallest, largest).Select(d => (int)d)];

    /// <summary>A tensor: floats in [-2, 2], integers in [-9, 9] or [0, 9], truth values.</summary>
    public OnnxTensor Tensor(OnnxElementType type, params int[] dims)
    {
        int count = OnnxShape.Count(dims);
        if (type.IsFloatingPoint())
            return OnnxTensor.FromDoubles(type, dims, [.. Enumerable.Range(0, count).Select(_ => (double)Float())]);
        bool isSigned = type is OnnxElementType.Int8 or OnnxElementType.Int16 or OnnxElementType.Int32 or OnnxElementType.Int64;
        (int smallest, int largest) = type == OnnxElementType.Bool ? (0, 1) : (isSigned ? -9 : 0, 9);
        return OnnxTensor.FromIntegers(type, dims, Ints(count, smallest, largest));
    }

    /// <summary>A tensor of float32.</summary>
    public OnnxTensor Floats(params int[] dims) => Tensor(OnnxElementType.Float, dims);

    /// <summary>A permutation of 0 to <paramref name="count"/> − 1.</summary>
    public long[] Permutation(int count)
    {
        long[] numbers = [.. Enumerable.Range(0, count).Select(i => (long)i)];
        _random.Shuffle(numbers);
        return numbers;
    }

    /// <summary>A shape that broadcasts with <paramref name="dims"/>: some dimensions 1, some at the beginning left out.</summary>
    public int[] BroadcastWith(int[] dims) => [.. dims.Skip(Int(0, dims.Length)).Select(d => Int(0, 2) == 0 ? 1 : d)];

    /// <summary>An axis of a tensor, sometimes counted from the end where the operator set allows it.</summary>
    public long Axis(int rank, int opset) => opset >= 11 && Bool() ? Int(-rank, -1) : Int(0, rank - 1);
}
