namespace AlexNetSharp.Interop.Onnx;

/// <summary>One computation of a node: its inputs, its attributes, what it may cost, and its results.</summary>
/// <remarks>
/// An operator works out its result's shape first and hands it over with the function that computes it. So the same code infers shapes, where
/// inputs may come without data, and nothing is allocated before the budget allows it.
/// </remarks>
internal sealed class OnnxCall
{
    /// <summary>The largest values that are computed where only shapes are wanted: shapes are made of small ones.</summary>
    private const int LargestShapeValue = 1024;

    private readonly OnnxTensor?[] _inputs;
    private readonly OnnxBudget _budget;
    private readonly bool _shapesOnly;
    private readonly Dictionary<int, OnnxTensor> _outputs = [];

    /// <param name="node">The node.</param>
    /// <param name="opset">The version of the operator set.</param>
    /// <param name="inputs">Its inputs; null for those left out.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="shapesOnly">Whether only small values are computed, and of the others type and shape.</param>
    public OnnxCall(OnnxNode node, int opset, OnnxTensor?[] inputs, OnnxBudget budget, bool shapesOnly)
    {
        Node = node;
        Opset = opset;
        _inputs = inputs;
        _budget = budget;
        _shapesOnly = shapesOnly;
    }

    /// <summary>The node.</summary>
    public OnnxNode Node { get; }

    /// <summary>The version of the operator set.</summary>
    public int Opset { get; }

    /// <summary>The node's attributes.</summary>
    public OnnxAttributes Attributes => Node.Attributes;

    /// <summary>The number of inputs that the node names, left out or not.</summary>
    public int InputCount => _inputs.Length;

    /// <summary>An input, or null where it is left out.</summary>
    public OnnxTensor? Optional(int index) => index < _inputs.Length ? _inputs[index] : null;

    /// <summary>An input that must be there.</summary>
    public OnnxTensor Input(int index) => Optional(index) ?? throw Error($"input {index} is missing.");

    /// <summary>An input that must be there and of one of the types.</summary>
    public OnnxTensor Input(int index, Func<OnnxElementType, bool> isAllowed) => isAllowed(Input(index).ElementType)
        ? Input(index)
        : throw Error($"input {index} is {Input(index)}; the operator is not defined for that type.");

    /// <summary>An input of floating-point numbers.</summary>
    public OnnxTensor FloatInput(int index) => Input(index, OnnxElementTypes.IsFloatingPoint);

    /// <summary>A one-dimensional input of int64 that shapes depend on, or null where it is left out.</summary>
    public long[]? OptionalIntegers(int index, OnnxElementType other = OnnxElementType.Int64)
    {
        if (Optional(index) is not { } tensor)
            return null;
        if ((tensor.ElementType != OnnxElementType.Int64 && tensor.ElementType != other) || tensor.Rank > 1)
            throw Error($"input {index} is {tensor}; a list of int64 was expected.");
        if (!tensor.HasData)
            throw Error($"input {index}, '{Node.Inputs[index]}', decides about the result's shape, and depends on the graph's inputs.");
        return tensor.ToIntegers();
    }

    /// <summary>A result that was made; see <see cref="Return(OnnxTensor, int)"/>.</summary>
    public OnnxTensor Output(int index) => _outputs.TryGetValue(index, out OnnxTensor? tensor)
        ? tensor
        : throw Error($"its output {index}, '{Node.Outputs[index]}', is not computed here.");

    /// <summary>A result of elements computed in double precision.</summary>
    /// <param name="type">What the elements are rounded to.</param>
    /// <param name="dims">The dimensions, not yet checked.</param>
    /// <param name="steps">What computing takes beside the elements themselves.</param>
    /// <param name="compute">The elements, for the checked dimensions.</param>
    /// <param name="index">Which output.</param>
    public void ReturnDoubles(OnnxElementType type, IReadOnlyList<long> dims, long steps, Func<int[], double[]> compute, int index = 0) =>
        Return(type, dims, steps, checkedDims => OnnxTensor.FromDoubles(type, checkedDims, compute(checkedDims)), index);

    /// <summary>A result of integers.</summary>
    public void ReturnIntegers(OnnxElementType type, IReadOnlyList<long> dims, long steps, Func<int[], long[]> compute) =>
        Return(type, dims, steps, checkedDims => OnnxTensor.FromIntegers(type, checkedDims, compute(checkedDims)), 0);

    /// <summary>A result whose elements are only moved: <paramref name="compute"/> fills the bytes.</summary>
    public void ReturnBytes(OnnxElementType type, IReadOnlyList<long> dims, long steps, Action<int[], byte[]> compute)
    {
        Return(
            type,
            dims,
            steps,
            checkedDims =>
            {
                byte[] bytes = new byte[OnnxShape.Count(checkedDims) * type.Size()];
                compute(checkedDims, bytes);
                return new(type, checkedDims, bytes);
            },
            0);
    }

    /// <summary>A result that shares its memory with an input or the model.</summary>
    public void Return(OnnxTensor tensor, int index = 0) => _outputs[index] = tensor;

    /// <summary>Dimensions whose product was found to fit.</summary>
    public int[] Checked(OnnxElementType type, IReadOnlyList<long> dims) => OnnxShape.Checked(dims, type.Size())
        ?? throw Error(
            $"its result would be {type.Name()} {OnnxShape.Text(dims.Take(OnnxShape.LargestRank + 1))}, which is negative somewhere, " +
            $"has more than {OnnxShape.LargestRank} dimensions, or is too large.");

    /// <summary>An axis in 0 to <paramref name="rank"/> − 1, counted from the end where negative; that came with operator set 11.</summary>
    public int Axis(long axis, int rank, string what = "axis")
    {
        long smallest = Opset >= 11 ? -rank : 0;
        if (axis < smallest || axis >= rank)
            throw Error($"{what} is {axis}; {smallest} to {rank - 1} was expected.");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>An error about this node.</summary>
    public InvalidDataException Error(string message) => Node.Error(message);

    private void Return(OnnxElementType type, IReadOnlyList<long> dims, long steps, Func<int[], OnnxTensor> compute, int index)
    {
        int[] checkedDims = Checked(type, dims);
        long count = OnnxShape.Count(checkedDims);
        long read = _inputs.Sum(i => (long)(i?.Count ?? 0));
        long allSteps = Math.Min(steps, long.MaxValue - count - read) + count + read;
        bool isSmall = allSteps <= LargestShapeValue;
        if (_shapesOnly && (!isSmall || _inputs.Any(i => i is { HasData: false })))
        {
            _outputs[index] = OnnxTensor.OfShape(type, checkedDims);
            return;
        }
        // Small types are computed in larger ones.
        _budget.Take(Node, count * Math.Max(type.Size(), sizeof(float)), allSteps);
        _outputs[index] = compute(checkedDims);
    }
}
