using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

// Values times constants plus constants: into the preprocessing, into the layer before, or a layer of their own.
internal sealed partial class OnnxNetworkReader
{
    private const float LargestByte = 255;

    private void ReadArithmetic(OnnxNode node)
    {
        bool isFirst = node.Inputs[0] == _value;
        float[] constant = ByChannel(node, Constant(node, isFirst ? 1 : 0, "other operand"));
        double[] values = Array.ConvertAll(constant, value => (double)value), ones = new double[values.Length], zeros = new double[values.Length];
        Array.Fill(ones, 1);
        (double[] scale, double[] shift) = node.OpType switch
        {
            "Add" => (ones, values),
            "Sub" when isFirst => (ones, Array.ConvertAll(values, value => -value)),
            "Sub" => (Array.ConvertAll(ones, one => -one), values),
            "Mul" => (values, zeros),
            _ when isFirst => (Array.ConvertAll(values, value => 1 / value), zeros),
            _ => throw node.Error("it divides a constant by what the layer before gives; no layer does that."),
        };
        if (scale.Any(value => !double.IsFinite(value)))
            throw node.Error("it divides by zero.");
        Scale(node, scale, shift, isFirst ? constant : null);
    }

    private void ReadBatchNormalization(OnnxNode node)
    {
        if (node.Attributes.Integer("training_mode", 0) != 0 || node.Attributes.Integer("spatial", 1) != 1)
            throw node.Error("it normalises by the batch itself, or position by position. Export the model for inference.");
        if (!_form.IsFlat && !_form.IsNchw)
            throw node.Error($"its input is {OnnxShape.Text(_shapes[_value].Dims)}, which is no picture in N, C, H, W order here.");
        double[] gain = Values(1, "scale"), offset = Values(2, "B"), mean = Values(3, "mean"), variance = Values(4, "variance");
        float epsilon = node.Attributes.Float("epsilon", 1e-5f);
        double[] scale = new double[gain.Length], shift = new double[gain.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = gain[c] / Math.Sqrt(variance[c] + epsilon);
            shift[c] = offset[c] - (mean[c] * scale[c]);
        }
        if (scale.Any(value => !double.IsFinite(value)))
            throw node.Error("a variance is not above zero.");
        Scale(node, scale, shift, constant: null);

        double[] Values(int index, string what)
        {
            OnnxTensor tensor = Constant(node, index, what);
            int channels = _form.IsFlat ? _form.Picture.Length : _form.Picture.Channels;
            if (tensor.Rank != 1 || tensor.Count != channels)
                throw node.Error($"its {what} is {tensor}; one value for each of {channels} channels is expected.");
            double[] values = tensor.ToDoubles();
            return _form.IsFlat ? Array.ConvertAll(_form.Places(), place => values[place]) : values;
        }
    }

    private void Scale(OnnxNode node, double[] scale, double[] shift, float[]? constant)
    {
        if (_layers.Count == 0 && scale.Length == _shape.Channels)
            _scaling.Add(node.OpType, scale, shift, constant);
        else if (_layers is [.., { Weight: not null } last] && last.Bias!.Length == scale.Length)
            last.Scale(scale, shift);
        else
            AddScaling(NameOf(node), scale, shift);
    }

    // A convolution of one position and one channel each.
    private void AddScaling(string name, double[] scale, double[] shift)
    {
        int channels = scale.Length;
        Convolution2D convolution = new() { Name = name, Filters = channels, Kernel = 1, Padding = Padding.Valid, Groups = channels };
        Add(convolution, Array.ConvertAll(scale, value => (float)value), Array.ConvertAll(shift, value => (float)value));
    }

    /// <summary>Makes preprocessing of what was done to the input so far; what that cannot express becomes the first layer.</summary>
    private void CloseInput()
    {
        if (_preprocessing is not null)
            return;
        if (_scaling.MeanAndDeviation() is var (mean, deviation))
        {
            _preprocessing = new Preprocessing { Mean = mean, Deviation = deviation };
            return;
        }
        // Values as the graph is given them.
        _preprocessing = _scaling.TakesBytes ? new Preprocessing { Deviation = [.. Enumerable.Repeat(1 / LargestByte, _shape.Channels)] } : Preprocessing.None;
        _names.Add("input.scaling");
        AddScaling("input.scaling", _scaling.Values.Scale, _scaling.Values.Shift);
    }

    // A constant operand by channel, or for a list of values by value in this engine's order.
    private float[] ByChannel(OnnxNode node, OnnxTensor tensor)
    {
        int[] dims = _shapes[_value].Dims;
        float[] values = tensor.ToFloats();
        int channelAxis = _form.IsFlat ? 1 : 1 + _form.Axes.IndexOf('C');
        int missing = dims.Length - tensor.Rank, count = _form.IsFlat ? _form.Picture.Length : _form.Picture.Channels;
        for (int i = 0; i < tensor.Rank; i++)
        {
            int axis = i + missing;
            if (tensor.Dims[i] != 1 && (axis != channelAxis || tensor.Dims[i] != count))
                throw node.Error($"its constant is {tensor}, its other operand {OnnxShape.Text(dims)}; one value, or one a channel, is read.");
        }
        if (missing < 0 || values.Length is 0)
            throw node.Error($"its constant is {tensor}, its other operand {OnnxShape.Text(dims)}; one value, or one a channel, is read.");
        if (values.Length == 1)
            return [.. Enumerable.Repeat(values[0], count)];
        return _form.IsFlat ? Array.ConvertAll(_form.Places(), place => values[place]) : values;
    }
}
