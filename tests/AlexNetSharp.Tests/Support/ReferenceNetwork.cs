using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Models;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Tests.Support;

/// <summary>Which dropout masks a run draws.</summary>
internal readonly record struct DropoutRun(ulong Seed, uint Step);

/// <summary>A model composed of the plain double-precision twins, layer by layer: nothing fused, nothing in place.</summary>
/// <param name="spec">The model; only its layers' own numbers are used, shapes are worked out here.</param>
/// <param name="parameters">Values by name, in this engine's layouts.</param>
internal sealed class ReferenceNetwork(ModelSpec spec, Dictionary<string, double[]> parameters)
{
    private readonly List<double[]> _inputs = [];
    private readonly List<double[]> _outputs = [];
    private readonly List<Action<double[]>> _backward = [];
    private readonly Dictionary<string, double[]> _gradients = [];
    private double[] _flow = [];
    private int _count;

    public Dictionary<string, double[]> Parameters => parameters;

    /// <summary>Each layer's output in the last forward pass.</summary>
    public IReadOnlyList<double[]> Outputs => _outputs;

    /// <summary>∂(mean loss)/∂input after <see cref="Backward"/>.</summary>
    public double[] InputGradient => _flow;

    /// <summary>With a network's present weights.</summary>
    public static ReferenceNetwork Of(Network network) =>
        new(network.Spec, network.Parameters.ToDictionary(parameter => parameter.Name, parameter => Widen(network.Read(parameter))));

    public static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return wide;
    }

    /// <summary>Logits [count, classes].</summary>
    public double[] Forward(double[] input, int count, DropoutRun? dropout = null)
    {
        _count = count;
        _inputs.Clear();
        _outputs.Clear();
        _backward.Clear();
        (int height, int width, int channels) = spec.Input;
        double[] values = input;
        for (int i = 0; i < spec.Layers.Length; i++)
        {
            _inputs.Add(values);
            values = Apply(spec.Layers[i], i, values, ref height, ref width, ref channels, dropout);
            _outputs.Add(values);
        }
        return values;
    }

    /// <summary>The mean loss.</summary>
    public double Loss(double[] input, int[] labels, DropoutRun? dropout = null) =>
        ReferenceSoftmaxCrossEntropy.Forward(Forward(input, labels.Length, dropout), labels, spec.Classes.Length).Losses.Average();

    /// <summary>∂(mean loss of the last forward pass)/∂parameters, by name.</summary>
    public Dictionary<string, double[]> Backward(int[] labels)
    {
        _gradients.Clear();
        double[] probabilities = ReferenceSoftmaxCrossEntropy.Forward(_outputs[^1], labels, spec.Classes.Length).Probabilities;
        _flow = ReferenceSoftmaxCrossEntropy.Gradient(probabilities, labels, spec.Classes.Length);
        for (int i = _backward.Count - 1; i >= 0; i--)
            _backward[i](_flow);
        return new Dictionary<string, double[]>(_gradients);
    }

    /// <summary>∂(Σ dLogits · logits of the last forward pass)/∂input.</summary>
    public double[] Differentiate(double[] dLogits)
    {
        _flow = dLogits;
        for (int i = _backward.Count - 1; i >= 0; i--)
            _backward[i](_flow);
        return _flow;
    }

    private double[] Apply(Layer layer, int index, double[] x, ref int height, ref int width, ref int channels, DropoutRun? dropout)
    {
        double[] y;
        int inputs = channels, rows = _count;
        switch (layer)
        {
            case Convolution2D convolution:
                Size2D kernel = convolution.Kernel, dilation = convolution.Dilation;
                Size2D span = new(((kernel.Height - 1) * dilation.Height) + 1, ((kernel.Width - 1) * dilation.Width) + 1);
                (int top, int left, int bottom, int right) = Pads(convolution.Padding, height, width, span, convolution.Stride);
                ReferenceConvolutionShape shape = new(
                    _count, height, width, channels, convolution.Filters, kernel.Height, kernel.Width, convolution.Stride.Height,
                    convolution.Stride.Width, top, left, bottom, right, dilation.Height, dilation.Width, convolution.Groups);
                (height, width, channels) = (shape.OutputHeight, shape.OutputWidth, shape.OutputChannels);
                y = ReferenceConvolution2D.Forward(x, Weight(layer), Bias(layer), shape);
                _backward.Add(dy =>
                {
                    _gradients[$"{layer.Name}.weight"] = ReferenceConvolution2D.WeightGradient(x, dy, shape);
                    _gradients[$"{layer.Name}.bias"] = ReferenceConvolution2D.BiasGradient(dy, shape);
                    _flow = ReferenceConvolution2D.DataGradient(dy, Weight(layer), shape);
                });
                return y;
            case Dense dense:
                channels = dense.Units;
                y = ReferenceDense.Forward(x, Weight(layer), Bias(layer), rows, inputs, dense.Units);
                _backward.Add(dy =>
                {
                    _gradients[$"{layer.Name}.weight"] = ReferenceDense.WeightGradient(x, dy, rows, inputs, dense.Units);
                    _gradients[$"{layer.Name}.bias"] = ReferenceDense.BiasGradient(dy, rows, dense.Units);
                    _flow = ReferenceDense.DataGradient(dy, Weight(layer), rows, inputs, dense.Units);
                });
                return y;
            case MaxPool2D pool:
                (top, left, bottom, right) = Pads(pool.Padding, height, width, pool.Window, pool.Stride);
                ReferencePoolShape window = new(
                    _count, height, width, channels, pool.Window.Height, pool.Window.Width, pool.Stride.Height, pool.Stride.Width, top, left, bottom, right, pool.CeilMode);
                (height, width) = (window.OutputHeight, window.OutputWidth);
                (y, int[] winners) = ReferenceMaxPool2D.Forward(x, window);
                _backward.Add(dy => _flow = ReferenceMaxPool2D.Backward(dy, winners, window));
                return y;
            case AveragePool2D pool:
                (top, left, bottom, right) = Pads(pool.Padding, height, width, pool.Window, pool.Stride);
                ReferencePoolShape averaged = new(
                    _count, height, width, channels, pool.Window.Height, pool.Window.Width, pool.Stride.Height, pool.Stride.Width, top, left, bottom, right, pool.CeilMode);
                (height, width) = (averaged.OutputHeight, averaged.OutputWidth);
                _backward.Add(dy => _flow = ReferenceAveragePool2D.Backward(dy, averaged, pool.CountsPadding));
                return ReferenceAveragePool2D.Forward(x, averaged, pool.CountsPadding);
            case AdaptiveAveragePool2D average:
                ReferenceAdaptivePoolShape sizes = new(_count, height, width, channels, average.OutputHeight, average.OutputWidth);
                (height, width) = (average.OutputHeight, average.OutputWidth);
                _backward.Add(dy => _flow = ReferenceAdaptiveAveragePool2D.Backward(dy, sizes));
                return ReferenceAdaptiveAveragePool2D.Forward(x, sizes);
            case LocalResponseNorm lrn:
                y = ReferenceLocalResponseNormalization.Forward(x, inputs, lrn.Radius, lrn.Bias, lrn.Alpha, lrn.Beta);
                _backward.Add(dy => _flow = ReferenceLocalResponseNormalization.Backward(x, dy, inputs, lrn.Radius, lrn.Bias, lrn.Alpha, lrn.Beta));
                return y;
            case Relu:
                y = ReferenceActivation.ReluForward(x);
                _backward.Add(dy => _flow = ReferenceActivation.ReluBackward(y, dy));
                return y;
            case Tanh:
                y = ReferenceActivation.TanhForward(x);
                _backward.Add(dy => _flow = ReferenceActivation.TanhBackward(y, dy));
                return y;
            case Sigmoid:
                y = ReferenceActivation.SigmoidForward(x);
                _backward.Add(dy => _flow = ReferenceActivation.SigmoidBackward(y, dy));
                return y;
            case LeakyRelu leaky:
                y = ReferenceActivation.LeakyForward(x, leaky.Slope);
                _backward.Add(dy => _flow = ReferenceActivation.LeakyBackward(x, dy, leaky.Slope));
                return y;
            case Clip clip:
                y = ReferenceActivation.ClipForward(x, clip.Minimum, clip.Maximum);
                _backward.Add(dy => _flow = ReferenceActivation.ClipBackward(y, dy, clip.Minimum, clip.Maximum));
                return y;
            case AlexNetSharp.Models.Dropout drop:
                if (dropout is not DropoutRun run)
                    return x; // Neither direction changes anything.
                DropoutMask mask = new(drop.Keep, run.Seed, (uint)index, run.Step);
                bool[] survives = [.. Enumerable.Range(0, x.Length).Select(i => Kernels.Regularization.Dropout.Survives(mask, i))];
                _backward.Add(dy => _flow = ReferenceDropout.Apply(dy, survives, drop.Keep));
                return ReferenceDropout.Apply(x, survives, drop.Keep);
            case Flatten:
                (height, width, channels) = (1, 1, height * width * channels);
                return x;
            default:
                throw new NotSupportedException(layer.Kind);
        }
    }

    private double[] Weight(Layer layer) => parameters[$"{layer.Name}.weight"];

    private double[] Bias(Layer layer) => parameters[$"{layer.Name}.bias"];

    /// <summary>TensorFlow's SAME from its definition: output = ceil(input / stride), what is missing is added, the odd one after.</summary>
    private static (int Top, int Left, int Bottom, int Right) Pads(Padding padding, int height, int width, Size2D span, Size2D stride)
    {
        if (!padding.IsSame)
            return (padding.Top, padding.Left, padding.Bottom, padding.Right);
        static int Missing(int size, int span, int stride) => Math.Max(0, ((((int)Math.Ceiling((double)size / stride)) - 1) * stride) + span - size);
        int rows = Missing(height, span.Height, stride.Height), columns = Missing(width, span.Width, stride.Width);
        return (rows / 2, columns / 2, rows - (rows / 2), columns - (columns / 2));
    }
}
