using System.Collections.Immutable;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>A model of random layers, and random options to write it with, all from one seed.</summary>
internal sealed class DrawnModel
{
    private const int MostLayers = 8;

    private readonly Random _random;

    public DrawnModel(uint seed)
    {
        _random = new Random((int)seed);
        FeatureShape input = new(Int(1, 12), Int(1, 12), Int(1, 4)), shape = input;
        List<Layer> layers = [];
        int count = Int(0, MostLayers);
        while (layers.Count < count)
        {
            // What does not fit is drawn again.
            try
            {
                Layer layer = Draw($"layer{layers.Count}", shape);
                shape = layer.OutputShape(shape);
                layers.Add(layer);
            }
            catch (InvalidModelException)
            {
            }
        }
        int classes = Int(2, 5);
        if (!shape.IsVector)
            layers.Add(new Flatten { Name = "flat" });
        layers.Add(new Dense { Name = "fc", Units = classes });
        Spec = TestModels.Model("drawn", input, classes, [.. layers]);
        if (Bool())
            Spec = Spec with { Preprocessing = new Preprocessing { Mean = Bool() ? Values(input.Channels) : [], Deviation = Bool() ? Values(input.Channels) : [], Fit = Bool() ? PictureFit.Crop : PictureFit.Stretch } };
        Options = new OnnxExportOptions
        {
            Opset = Int(10, OnnxExportOptions.NewestOpset),
            Layout = Bool() ? OnnxPictureLayout.Nchw : OnnxPictureLayout.Nhwc,
            WithPreprocessing = Bool(),
            Batch = Bool() ? null : Int(1, 3),
        };
    }

    public ModelSpec Spec { get; }

    public OnnxExportOptions Options { get; }

    private Layer Draw(string name, FeatureShape shape) => Int(0, 13) switch
    {
        0 or 1 => Convolution(name, shape),
        2 => new MaxPool2D { Name = name, Window = Size(), Stride = Size(), Padding = Rim(), CeilMode = Bool() },
        3 => Average(name),
        4 => new AdaptiveAveragePool2D { Name = name, OutputHeight = Int(1, 5), OutputWidth = Int(1, 5) },
        5 => new LocalResponseNorm { Name = name, Radius = Int(0, 5), Bias = 1 + _random.NextSingle(), Alpha = _random.NextSingle(), Beta = Bool() ? 0.75f : 0.6f },
        6 => new Relu { Name = name },
        7 => new Tanh { Name = name },
        8 => new Sigmoid { Name = name },
        9 => new LeakyRelu { Name = name, Slope = _random.NextSingle() },
        10 => new Clip { Name = name, Minimum = -_random.NextSingle(), Maximum = _random.NextSingle() + 0.1f },
        11 => new Dropout { Name = name, Keep = 1 - _random.NextSingle() },
        12 => new Flatten { Name = name },
        _ => new Dense { Name = name, Units = Int(1, 9) },
    };

    private Convolution2D Convolution(string name, FeatureShape shape)
    {
        int groups = Bool() ? 1 : shape.Channels;
        return new() { Name = name, Filters = groups * Int(1, 3), Kernel = Size(), Stride = Size(), Dilation = Size(), Padding = Rim(), Groups = groups };
    }

    // Windows smaller than their stride, with padding that counts and rounding up, are what ONNX cannot say.
    private AveragePool2D Average(string name)
    {
        Size2D window = Size(), stride = Size();
        bool overlaps = window.Height >= stride.Height && window.Width >= stride.Width;
        return new() { Name = name, Window = window, Stride = stride, Padding = Rim(), CeilMode = Bool(), CountsPadding = overlaps && Bool() };
    }

    private Padding Rim() => Int(0, 3) switch
    {
        0 => Padding.Same,
        1 => Padding.Valid,
        _ => Padding.Explicit(Int(0, 2), Int(0, 2), Int(0, 2), Int(0, 2)),
    };

    private Size2D Size() => new(Int(1, 3), Int(1, 3));

    private ImmutableArray<float> Values(int count) => [.. Enumerable.Range(0, count).Select(_ => 0.1f + _random.NextSingle())];

    private int Int(int smallest, int largest) => _random.Next(smallest, largest + 1);

    private bool Bool() => _random.Next(2) == 0;
}
