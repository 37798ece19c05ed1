using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

// Matrix products: dense layers, and the averaging that no pooling can do.
internal sealed partial class OnnxNetworkReader
{
    private void ReadGemm(OnnxNode node)
    {
        if (node.Inputs[0] != _value || node.Attributes.Integer("transA", 0) != 0)
            throw node.Error("its first factor must be what the layer before gives, one row a picture (transA = 0).");
        OnnxTensor matrix = Constant(node, 1, "second factor");
        OnnxTensor? summand = Optional(node, 2, "summand");
        bool isTransposed = node.Attributes.Integer("transB", 0) != 0;
        float alpha = node.Attributes.Float("alpha", 1), beta = node.Attributes.Float("beta", 1);
        float[] weight = OutputsFirst(node, matrix, isTransposed);
        int units = matrix.Dims[isTransposed ? 0 : 1];
        foreach (ref float value in weight.AsSpan())
            value *= alpha;
        float[] bias = new float[units];
        if (summand is not null)
        {
            if (summand.Rank > 2 || (summand.Rank == 2 && summand.Dims[0] != 1) || (summand.Count != 1 && summand.Count != units))
                throw node.Error($"its summand is {summand}; one value for each of {units} units is expected.");
            float[] values = summand.ToFloats();
            for (int o = 0; o < units; o++)
                bias[o] = beta * values[values.Length == 1 ? 0 : o];
        }
        AddDense(node, weight, bias);
    }

    // Returns the last node that was read.
    private OnnxNode ReadMatMul(OnnxNode node)
    {
        if (!_form.IsFlat)
            return ReadAveraging(node);
        if (node.Inputs[0] != _value)
            throw node.Error("what the layer before gives must be its first factor, one row a picture.");
        OnnxTensor matrix = Constant(node, 1, "second factor");
        float[] weight = OutputsFirst(node, matrix, isTransposed: false);
        AddDense(node, weight, new float[matrix.Dims[1]]);
        return node;
    }

    private void AddDense(OnnxNode node, float[] weight, float[] bias)
    {
        bool isOwn = _form.IsOrdered(OnnxForm.Hwc);
        if (!isOwn && !_form.IsOrdered(OnnxForm.Chw))
            throw node.Error($"its input is a picture flattened in {string.Join(", ", _form.Axes.ToCharArray())} order; C, H, W and H, W, C are read.");
        Add(new Dense { Name = NameOf(node), Units = bias.Length }, weight, bias, isOwn ? null : _form.Picture);
        _form = OnnxForm.Vector(bias.Length);
    }

    // A constant [inputs, outputs] as [outputs, inputs].
    private float[] OutputsFirst(OnnxNode node, OnnxTensor matrix, bool isTransposed)
    {
        if (!_form.IsFlat)
            throw node.Error($"its input is {OnnxShape.Text(_shapes[_value].Dims)}, a picture; flatten it before.");
        if (matrix.Rank != 2 || matrix.Dims[isTransposed ? 1 : 0] != _form.Picture.Length)
            throw node.Error($"its constant factor is {matrix}; a matrix for {_form.Picture.Length} values is expected.");
        float[] values = matrix.ToFloats();
        if (isTransposed)
            return values;
        int inputs = matrix.Dims[0], outputs = matrix.Dims[1];
        float[] result = new float[values.Length];
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < outputs; o++)
                result[(o * inputs) + i] = values[(i * outputs) + o];
        }
        return result;
    }

    // What the exporter writes for windows of different sizes: rows averaged by a matrix on the left, columns by one on the right.
    private OnnxNode ReadAveraging(OnnxNode rows)
    {
        if (_form.IsNchw && _shape == _form.Picture && rows.Inputs[1] == _value && Constant(rows, 0, "first factor") is { Rank: 2, ElementType: OnnxElementType.Float } left
            && _readers[rows.Outputs[0]].ToArray() is [{ OpType: "MatMul" } columns] && columns.Inputs[0] == rows.Outputs[0]
            && _graph.Initializers.TryGetValue(columns.Inputs[1], out OnnxTensor? right) && right is { Rank: 2, ElementType: OnnxElementType.Float }
            && left.Dims[0] >= 1 && right.Dims[1] >= 1)
        {
            AveragingWindows down = new(_shape.Height, left.Dims[0]), across = new(_shape.Width, right.Dims[1]);
            if (left.Dims[1] == down.Inputs && right.Dims[0] == across.Inputs
                && left.Values<float>().SequenceEqual(down.Matrix(transposed: false)) && right.Values<float>().SequenceEqual(across.Matrix(transposed: true)))
            {
                AddPictureLayer(new AdaptiveAveragePool2D { Name = NameOf(columns), OutputHeight = down.Outputs, OutputWidth = across.Outputs });
                return columns;
            }
        }
        throw rows.Error($"its input is {OnnxShape.Text(_shapes[_value].Dims)}, a picture; products are read of lists of values, [N, values] · [values, units]. Flatten it before.");
    }
}
