using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Parameter = TorchSharp.Modules.Parameter;

namespace AlexNetSharp.Benchmarks.Libtorch;

/// <summary>A network as a module of libtorch, with the same weights: the same function on [N, C, H, W].</summary>
internal sealed class LibtorchNetwork : nn.Module<Tensor, Tensor>
{
    private readonly List<Func<Tensor, Tensor>> _layers = [];
    private readonly IReadOnlyDictionary<string, SafeTensor> _weights;

    /// <exception cref="InvalidModelException">A layer has no counterpart.</exception>
    public LibtorchNetwork(Network network)
        : base(network.Spec.Name)
    {
        _weights = PyTorchWeights.Of(network);
        bool isPicture = true;
        foreach (LayerShape shape in network.Shapes)
        {
            if (shape.Layer is Convolution2D or MaxPool2D or AveragePool2D or AdaptiveAveragePool2D or LocalResponseNorm && !isPicture)
                throw new InvalidModelException($"{shape.Layer.Kind} '{shape.Layer.Name}' follows a flatten layer; libtorch cannot be given that here.");
            isPicture &= shape.Layer is not (Flatten or Dense);
            if (Lower(shape) is Func<Tensor, Tensor> layer)
                _layers.Add(layer);
        }
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input;
        foreach (Func<Tensor, Tensor> layer in _layers)
            x = layer(x);
        return x.flatten(1);
    }

    private Func<Tensor, Tensor>? Lower(LayerShape shape)
    {
        switch (shape.Layer)
        {
            case Convolution2D convolution:
                return Lower(convolution, shape);
            case MaxPool2D pool:
                return Lower(pool, shape);
            case AveragePool2D pool when Symmetric(pool, shape) is long[] padding:
                return x => F.avg_pool2d(x, Sides(pool.Window), Sides(pool.Stride), padding, pool.CeilMode, pool.CountsPadding);
            case AdaptiveAveragePool2D pool:
                return x => F.adaptive_avg_pool2d(x, [pool.OutputHeight, pool.OutputWidth]);
            case LocalResponseNorm norm:
                // torch divides α by the window's size.
                long size = (2 * norm.Radius) + 1;
                return x => F.local_response_norm(x, size, norm.Alpha * size, norm.Beta, norm.Bias);
            case Relu:
                return x => F.relu(x);
            case Tanh:
                return x => F.tanh(x);
            case Sigmoid:
                return x => F.sigmoid(x);
            case LeakyRelu leaky:
                return x => F.leaky_relu(x, leaky.Slope);
            case Clip clip:
                return x => F.hardtanh(x, clip.Minimum, clip.Maximum);
            case Models.Dropout dropout:
                return x => F.dropout(x, 1 - dropout.Keep, training);
            case Models.Flatten:
                return x => x.flatten(1);
            case Dense:
                (Parameter weight, Parameter bias) = Register(shape);
                return x => F.linear(x.flatten(1), weight, bias);
            default:
                throw new InvalidModelException($"{shape.Layer.Kind} '{shape.Layer.Name}' has no counterpart in libtorch here.");
        }
    }

    private Func<Tensor, Tensor> Lower(Convolution2D convolution, LayerShape shape)
    {
        (Parameter weight, Parameter bias) = Register(shape);
        Size2D kernel = convolution.Kernel, dilation = convolution.Dilation;
        (int top, int left, int bottom, int right) = convolution.Padding.Resolve(
            shape.Input.Height, shape.Input.Width, ((kernel.Height - 1) * dilation.Height) + 1, ((kernel.Width - 1) * dilation.Width) + 1, convolution.Stride);
        long[] strides = Sides(convolution.Stride), dilations = Sides(dilation);
        return top == bottom && left == right
            ? x => F.conv2d(x, weight, bias, strides, [top, left], dilations, groups: convolution.Groups)
            : x => F.conv2d(F.pad(x, [left, right, top, bottom]), weight, bias, strides, [0, 0], dilations, groups: convolution.Groups);
    }

    // Padding on one side only is what ceil_mode does, where the sizes agree; torch has no other way without a copy.
    private static Func<Tensor, Tensor> Lower(MaxPool2D pool, LayerShape shape)
    {
        FeatureShape input = shape.Input, output = shape.Output;
        (int top, int left, int bottom, int right) = pool.Padding.Resolve(input.Height, input.Width, pool.Window.Height, pool.Window.Width, pool.Stride);
        long[] window = Sides(pool.Window), stride = Sides(pool.Stride);
        if (top == bottom && left == right && 2 * top <= pool.Window.Height && 2 * left <= pool.Window.Width)
            return x => F.max_pool2d(x, window, stride, padding: [top, left], ceil_mode: pool.CeilMode);
        if (top == 0 && left == 0 && output.Height == CeilSize(input.Height, pool.Window.Height, pool.Stride.Height) && output.Width == CeilSize(input.Width, pool.Window.Width, pool.Stride.Width))
            return x => F.max_pool2d(x, window, stride, ceil_mode: true);
        bottom = Math.Max(bottom, ((output.Height - 1) * pool.Stride.Height) + pool.Window.Height - input.Height - top);
        right = Math.Max(right, ((output.Width - 1) * pool.Stride.Width) + pool.Window.Width - input.Width - left);
        return x => F.max_pool2d(F.pad(x, [left, right, top, bottom], value: double.NegativeInfinity), window, stride);
    }

    // The same on opposite sides and at most half the window, as torch has it; null for other padding.
    private static long[]? Symmetric(AveragePool2D pool, LayerShape shape)
    {
        (int top, int left, int bottom, int right) = pool.Padding.Resolve(shape.Input.Height, shape.Input.Width, pool.Window.Height, pool.Window.Width, pool.Stride);
        return top == bottom && left == right && 2 * top <= pool.Window.Height && 2 * left <= pool.Window.Width ? [top, left] : null;
    }

    private static long[] Sides(Size2D size) => [size.Height, size.Width];

    private static int CeilSize(int size, int window, int stride)
    {
        int outputs = ((size - window + stride - 1) / stride) + 1;
        // A last window that would begin outside the picture is dropped.
        return (outputs - 1) * stride < size ? outputs : outputs - 1;
    }

    private (Parameter Weight, Parameter Bias) Register(LayerShape shape) =>
        (Register(shape.Parameters[0].Name), Register(shape.Parameters[1].Name));

    private Parameter Register(string name)
    {
        SafeTensor source = _weights[name];
        Parameter parameter = new(tensor(source.Values, [.. source.Shape.Select(size => (long)size)]));
        // A dot is a path of modules to torch.
        register_parameter(name.Replace('.', '_'), parameter);
        return parameter;
    }
}
