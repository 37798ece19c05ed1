using System.Collections.Immutable;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks.Tests;

/// <summary>Models that are quick to compute and hold what translators may get wrong.</summary>
internal static class SmallModels
{
    private static readonly Dictionary<string, ModelSpec> All = new ModelSpec[]
    {
        // The layers of alexnet-owt, narrow and on a small picture: a stride of four, windows that overlap.
        Model("Owt", new(63, 63, 3),
            Conv("conv1", 8) with { Kernel = 11, Stride = 4, Padding = Padding.All(2) }, new Relu { Name = "relu1" }, Pool("pool1", 3, 2),
            Conv("conv2", 12) with { Kernel = 5, Padding = Padding.All(2) }, new Relu { Name = "relu2" }, Pool("pool2", 3, 2),
            Conv("conv3", 16) with { Padding = Padding.All(1) }, new Relu { Name = "relu3" },
            new AdaptiveAveragePool2D { Name = "avgpool", OutputHeight = 3, OutputWidth = 3 }, new Flatten { Name = "flatten" }, new Dropout { Name = "drop", Keep = 0.5f }, Fc("fc1", 32), new Relu { Name = "relu4" }, Fc("fc2", Classes)),
        // SAME adds a row at the bottom and a column on the right; the flattened picture is no square and has several channels.
        Model("SameOddPool", new(7, 5, 2), Conv("conv", 6), new Relu { Name = "relu" }, Pool("pool", 2, 2) with { Padding = Padding.Same },
            new Flatten { Name = "flatten" }, Fc("fc", Classes)),
        Model("SameOddConvolution", new(9, 6, 4), Conv("conv", 6) with { Kernel = 4, Stride = 2, Groups = 2 }, new Tanh { Name = "tanh" },
            Pool("pool", 3, 1) with { Padding = Padding.Explicit(2, 0, 1, 1) }, new Sigmoid { Name = "sigmoid" }, new Flatten { Name = "flatten" }, Fc("fc", Classes)),
        // α so large that dividing it by the window would be seen at once.
        Model("Lrn", new(6, 6, 3), Conv("conv", 12), new LocalResponseNorm { Name = "lrn", Radius = 2, Bias = 2, Alpha = 0.7f, Beta = 0.6f },
            new Flatten { Name = "flatten" }, Fc("fc", Classes)),
        // Sides and dilations that differ, so that changing them over would be seen.
        Model("Rectangles", new(13, 11, 3), Conv("conv1", 6) with { Kernel = new(2, 5), Stride = new(1, 2), Dilation = new(3, 1) }, new LeakyRelu { Name = "leaky", Slope = 0.3f },
            Pool("pool", new(3, 2), new(2, 1)), new Clip { Name = "clip", Minimum = -0.2f, Maximum = 0.9f }, new Flatten { Name = "flatten" }, Fc("fc", Classes)),
        // 12 to 6 and 6 to 4, with windows that hang over; 5 to 3, where a fourth would begin in the padding after and is dropped.
        Model("Ceil", new(12, 12, 3), Conv("conv", 6), Pool("pool1", 3, 2) with { CeilMode = true },
            new AveragePool2D { Name = "avg1", Window = 3, Stride = 2, Padding = Padding.All(1), CeilMode = true },
            new AveragePool2D { Name = "avg2", Window = 2, Stride = 1, Padding = Padding.All(1), CountsPadding = true },
            Pool("pool2", 2, 2) with { Padding = Padding.All(1), CeilMode = true }, new Flatten { Name = "flatten" }, Fc("fc", Classes)),
        Model("NoFlatten", new(4, 4, 3), Conv("conv1", 8) with { Kernel = 4, Padding = Padding.Valid }, Fc("fc", 9), new Relu { Name = "relu" }, Fc("out", Classes)),
        Model("ConvolutionLast", new(3, 3, 2), Conv("conv", Classes) with { Padding = Padding.Valid }),
    }.ToDictionary(model => model.Name);

    public const int Classes = 5;

    public static IEnumerable<TheoryDataRow<string>> Names => All.Keys.Append(ModelCatalog.AlexNetMnistName).Select(name => new TheoryDataRow<string>(name));

    public static ModelSpec Find(string name) => All.TryGetValue(name, out ModelSpec? spec) ? spec : ModelCatalog.Create(name);

    public static ModelSpec Model(string name, FeatureShape input, params ImmutableArray<Layer> layers) => new()
    {
        Name = name,
        Input = input,
        Classes = [.. Enumerable.Range(0, Classes).Select(c => $"{c}")],
        Layers = layers,
    };

    private static Convolution2D Conv(string name, int filters) => new() { Name = name, Filters = filters, Kernel = 3 };

    private static MaxPool2D Pool(string name, Size2D window, Size2D stride) => new() { Name = name, Window = window, Stride = stride };

    private static Dense Fc(string name, int units) => new() { Name = name, Units = units };
}
