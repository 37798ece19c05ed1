using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

// Operators that move values and change none: they become layers only where they flatten a picture.
internal sealed partial class OnnxNetworkReader
{
    // From this version on, a Pad's amounts and value are inputs.
    private const int PadWithInputs = 11;

    // A Pad that the next layer is to take over.
    private OnnxNode? _pad;
    private Padding _rim = Padding.Valid;
    private float _rimValue;

    private void ReadCast(OnnxNode node)
    {
        if (!_shapes[node.Outputs[0]].ElementType.IsFloatingPoint())
            throw node.Error($"it makes {_shapes[node.Outputs[0]].ElementType.Name()} of what is computed; floating-point types are read.");
    }

    private void ReadTranspose(OnnxNode node)
    {
        int rank = _shapes[_value].Rank;
        long[] order = node.Attributes.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
        if (order.Length == 0 || order[0] != 0)
            throw node.Error($"perm is {OnnxShape.Text(order)}; the batch must stay first.");
        if (!_form.IsFlat)
            _form = _form with { Axes = string.Concat(order.Skip(1).Select(axis => _form.Axes[(int)axis - 1])) };
    }

    private void ReadReshape(OnnxNode node)
    {
        int[] dims = _shapes[node.Outputs[0]].Dims;
        int length = _form.Picture.Length;
        bool keepsBatch = dims.Length > 1 && dims[0] == Batch;
        if (keepsBatch && dims.Length == 2 && dims[1] == length)
        {
            // A list that is only named anew stays what it is, unless somebody says Flatten.
            if (node.OpType == "Flatten" || !_form.IsFlat)
                Add(new Flatten { Name = NameOf(node) });
            _form = _form with { IsFlat = true };
        }
        else if (keepsBatch && dims.Length == 4 && Rearranged(dims.AsSpan(1)) is OnnxForm form)
        {
            _form = form;
        }
        else
        {
            throw TakesApart(node);
        }
    }

    // The form in which the values, as they lie, have these dimensions: sizes of 1 may stand elsewhere.
    private OnnxForm? Rearranged(ReadOnlySpan<int> dims)
    {
        FeatureShape picture = _form.IsFlat ? new FeatureShape(1, 1, _form.Picture.Length) : _form.Picture;
        if (_form.IsFlat && (!_form.IsOrdered(OnnxForm.Hwc) || _shape != picture))
            return null;
        foreach (string axes in (ReadOnlySpan<string>)[OnnxForm.Chw, OnnxForm.Hwc, "HCW", "CWH", "WHC", "WCH"])
        {
            OnnxForm form = new(picture, axes, IsFlat: false);
            if (form.Dims.AsSpan().SequenceEqual(dims) && form.IsOrdered(_form.IsFlat ? axes : _form.Axes))
                return form;
        }
        return null;
    }

    private InvalidDataException TakesApart(OnnxNode node) => node.Error(
        $"it makes {OnnxShape.Text(_shapes[node.Outputs[0]].Dims)} of {OnnxShape.Text(_shapes[_value].Dims)}. Shapes may change only where a picture is flattened ([N,C,H,W] to [N,C*H*W]), or by sizes of 1 around a list of values.");

    private void ReadSoftmax(OnnxNode node)
    {
        int[] dims = _shapes[_value].Dims;
        long axis = node.Attributes.Integer("axis", _graph.Opset < 13 ? 1 : -1);
        axis = axis < 0 ? axis + dims.Length : axis;
        // Before operator set 13 all dimensions from the axis on count together.
        bool isOverAll = axis >= 1 && axis < dims.Length && dims.Skip(1).Where((size, i) => i + 1 != axis && (_graph.Opset >= 13 || i + 1 < axis)).All(size => size == 1);
        if (!isOverAll)
            throw node.Error($"its axis is {axis} of {OnnxShape.Text(dims)}; at the end of a model it must go over the classes.");
        _logits = _value;
    }

    private void ReadPad(OnnxNode node)
    {
        if (_pad is not null)
            throw node.Error($"it follows {_pad}; one Pad before a layer is read.");
        if (node.Attributes.Text("mode", "constant") != "constant")
            throw node.Error($"its mode is '{node.Attributes.Text("mode", "")}'; constant padding is read.");
        int rank = _shapes[_value].Rank;
        long[] pads = _graph.Opset < PadWithInputs ? node.Attributes.Integers("pads") ?? [] : Constant(node, 1, "amounts").ToIntegers();
        long[] axes = Optional(node, 3, "axes")?.ToIntegers() ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        if (pads.Length != 2 * axes.Length)
            throw node.Error($"its amounts are {OnnxShape.Text(pads)}; two for each of {axes.Length} dimensions are expected.");
        if (pads.All(amount => amount == 0))
            return;
        Dictionary<char, (int Before, int After)> amounts = new() { ['H'] = (0, 0), ['W'] = (0, 0) };
        for (int i = 0; i < axes.Length; i++)
        {
            (long before, long after) = (pads[i], pads[i + axes.Length]);
            int axis = (int)(axes[i] < 0 ? axes[i] + rank : axes[i]);
            if (before == 0 && after == 0)
                continue;
            if (_form.IsFlat || axis < 1 || _form.Axes[axis - 1] == 'C' || before is < 0 or > int.MaxValue || after is < 0 or > int.MaxValue)
                throw node.Error($"its amounts are {OnnxShape.Text(pads)}; rows and columns of a picture may be added, nothing cut away.");
            amounts[_form.Axes[axis - 1]] = ((int)before, (int)after);
        }
        _pad = node;
        _rim = Padding.Explicit(amounts['H'].Before, amounts['W'].Before, amounts['H'].After, amounts['W'].After);
        _rimValue = _graph.Opset < PadWithInputs ? node.Attributes.Float("value", 0) : Optional(node, 2, "value") is OnnxTensor value ? Scalar(node, value, "value") : 0;
    }

    /// <summary>A layer's padding together with that of the Pad before it, where the layer can take that over.</summary>
    private Padding TakePad(OnnxNode node, Padding own, Func<float, bool> isAllowed, string refused)
    {
        if (_pad is not OnnxNode pad)
            return own;
        if (!isAllowed(_rimValue))
            throw pad.Error($"it adds {refused}, which {node} cannot take over; padding is read where the layer after it pads the same way.");
        if (own.IsSame)
        {
            FeatureShape padded = PaddedPicture();
            Size2D stride = Pair(node, "strides"), dilation = Pair(node, "dilations");
            Size2D window = node.OpType == "Conv" && Constant(node, 1, "weights").Dims is [_, _, int height, int width] ? new(height, width) : Window(node);
            (int t, int l, int b, int r) = own.Resolve(
                padded.Height, padded.Width, ((window.Height - 1) * dilation.Height) + 1, ((window.Width - 1) * dilation.Width) + 1, stride);
            own = Padding.Explicit(t, l, b, r);
        }
        Padding together = checked(Padding.Explicit(_rim.Top + own.Top, _rim.Left + own.Left, _rim.Bottom + own.Bottom, _rim.Right + own.Right));
        _pad = null;
        _rim = Padding.Valid;
        return together;
    }

    private FeatureShape PaddedPicture()
    {
        FeatureShape picture = _form.Picture;
        return picture with { Height = checked(picture.Height + _rim.Top + _rim.Bottom), Width = checked(picture.Width + _rim.Left + _rim.Right) };
    }

    // Dimensions of the current value, a Pad before it included.
    private int[] Padded(OnnxForm form) => _pad is null ? form.Dims : (form with { Picture = PaddedPicture() }).Dims;

    private void RequirePadUsed(OnnxNode node)
    {
        if (_pad is OnnxNode pad && pad != node && node.OpType is not ("Transpose" or "Identity" or "Cast" or "Concat"))
            throw pad.Error($"{node} follows it; a Pad is read before Conv, MaxPool and AveragePool.");
    }
}
