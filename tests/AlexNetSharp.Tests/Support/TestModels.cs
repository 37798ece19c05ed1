using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Models;
using Dropout = AlexNetSharp.Models.Dropout;

namespace AlexNetSharp.Tests.Support;

/// <summary>Small models, each odd in a way of its own.</summary>
internal static class TestModels
{
    /// <summary>The tutorial's network at an eighth of its width.</summary>
    public static ModelSpec Narrow => ModelCatalog.AlexNetMnist(Mnist.Digits, width: 8);

    private static readonly Dictionary<string, ModelSpec> Odd = new ModelSpec[]
    {
        Model("ActivationAfterPool", new(6, 5, 3), 4,
            Conv("conv", 5), Pool("pool", 2, 2), new Tanh { Name = "tanh" }, new Relu { Name = "relu" }, new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("ActivationFirst", new(5, 5, 2), 3,
            new Sigmoid { Name = "sigmoid" }, Lrn("lrn"), Conv("conv", 3), new Flatten { Name = "flat" }, Fc("fc", 3)),
        Model("ActivationTwice", new(3, 3, 1), 3,
            new Flatten { Name = "flat" }, Fc("fc1", 9), new Tanh { Name = "tanh" }, new Sigmoid { Name = "sigmoid" }, Fc("fc2", 3)),
        Model("ActivationLast", new(3, 3, 1), 3, new Flatten { Name = "flat" }, Fc("fc1", 7), Drop("drop", 0.5f), Fc("fc2", 3), new Tanh { Name = "tanh" }),
        Model("DropoutFirst", new(4, 4, 2), 3, Drop("drop", 0.7f), Conv("conv", 6), new Relu { Name = "relu" }, new Flatten { Name = "flat" }, Fc("fc", 3)),
        Model("DropoutAfterConvolution", new(7, 7, 1), 3,
            Conv("conv1", 4), Drop("drop1", 0.6f), new Relu { Name = "relu1" }, Drop("drop2", 0.9f), Pool("pool", 2, 2), Conv("conv2", 5),
            new Tanh { Name = "tanh" }, Drop("drop3", 0.5f), Drop("drop4", 1), new Flatten { Name = "flat" }, Fc("fc", 3)),
        Model("DropoutLast", new(2, 2, 2), 3, new Flatten { Name = "flat" }, Fc("fc", 3), Drop("drop", 0.8f)),
        Model("TwoFlattens", new(4, 4, 3), 5,
            Pool("pool", 2, 2), new Flatten { Name = "flat1" }, new Flatten { Name = "flat2" }, Fc("fc1", 6), new Flatten { Name = "flat3" },
            new Relu { Name = "relu" }, Fc("fc2", 5)),
        Model("TanhAndSigmoid", new(6, 6, 1), 3,
            Conv("conv1", 3), new Sigmoid { Name = "sigmoid" }, Conv("conv2", 4), new Tanh { Name = "tanh" }, new Flatten { Name = "flat" },
            Fc("fc1", 8), new Sigmoid { Name = "sigmoid2" }, Fc("fc2", 3)),
        Model("Groups", new(9, 7, 2), 4,
            Conv("conv1", 6) with { Groups = 2, Kernel = 5, Stride = 2 }, new Relu { Name = "relu1" },
            Conv("conv2", 9) with { Groups = 3, Padding = Padding.Explicit(2, 0, 1, 1) }, new Relu { Name = "relu2" }, new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("OverlappingPools", new(11, 11, 3), 4,
            Conv("conv1", 8) with { Kernel = 4, Stride = 2, Padding = Padding.All(1) }, new Relu { Name = "relu" }, Pool("pool1", 3, 2), Lrn("lrn"),
            Pool("pool2", 3, 1) with { Padding = Padding.Same }, new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("Rectangles", new(11, 13, 3), 4,
            Conv("conv1", 16) with { Kernel = new(2, 5), Stride = new(1, 2) }, new Relu { Name = "relu1" }, Pool("pool1", new(3, 2), new(2, 1)) with { Padding = Padding.Same },
            Conv("conv2", 16), new Tanh { Name = "tanh" }, Pool("pool2", new(1, 3), new(1, 2)), Conv("conv3", 5) with { Kernel = new(3, 1), Padding = Padding.Valid },
            Pool("pool3", new(2, 1), new(1, 2)), new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("Dilations", new(10, 9, 3), 4,
            Conv("conv1", 6) with { Dilation = 2 }, new Relu { Name = "relu1" }, Conv("conv2", 8) with { Kernel = new(2, 3), Stride = 2, Dilation = new(3, 1), Groups = 2 },
            new Relu { Name = "relu2" }, new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("AveragePools", new(9, 7, 3), 4,
            Conv("conv1", 5), new Relu { Name = "relu" }, AverageTo("overlapping", 4, 3), Conv("conv2", 6), AverageTo("same", 4, 3), new Tanh { Name = "tanh" },
            AverageTo("larger", 6, 3), Drop("drop", 0.7f), AverageTo("smaller", 2, 2), new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("AverageWindows", new(11, 10, 3), 4,
            Average("first", 2, 1) with { Padding = Padding.Explicit(1, 0, 0, 1), CountsPadding = true }, Conv("conv1", 6), new Relu { Name = "relu" },
            Average("same", 3, new(2, 1)) with { Padding = Padding.Same }, Conv("conv2", 5), Average("ceil", new(2, 3), 2) with { CeilMode = true },
            Conv("conv3", 4), Average("ceilPadded", 3, 3) with { Padding = Padding.All(1), CountsPadding = true, CeilMode = true },
            new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("CeilPools", new(12, 11, 3), 4,
            Conv("conv1", 16), new Relu { Name = "relu1" }, Pool("pool1", 3, 2) with { CeilMode = true }, Conv("conv2", 16), new Tanh { Name = "tanh" },
            Pool("pool2", 3, 2) with { CeilMode = true, Padding = Padding.Explicit(1, 0, 1, 1) }, Drop("drop", 0.9f), Pool("pool3", 2, 3) with { CeilMode = true },
            new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("LeakyAndClip", new(5, 6, 2), 3,
            new LeakyRelu { Name = "first", Slope = 0.2f }, Conv("conv1", 4), new LeakyRelu { Name = "leaky1" }, Lrn("lrn"), new Clip { Name = "clip1", Minimum = -0.4f, Maximum = 0.9f },
            Conv("conv2", 5), new LeakyRelu { Name = "folding", Slope = -0.3f }, new LeakyRelu { Name = "leaky2", Slope = 0.5f }, Drop("drop", 0.8f),
            new Clip { Name = "clip2", Minimum = 0, Maximum = 6 }, new Flatten { Name = "flat" }, Fc("fc", 3)),
        Model("NormOnly", new(3, 3, 7), 4,
            Lrn("lrn1") with { Beta = 1, Radius = 2 }, Lrn("lrn2") with { Beta = 0.5f, Alpha = 0.3f }, Lrn("lrn3") with { Beta = 0.75f, Radius = 9 },
            new Flatten { Name = "flat" }, Fc("fc", 4)),
        Model("MlpOnly", new(4, 4, 1), 3,
            new Flatten { Name = "flat" }, Fc("fc1", 33), new Relu { Name = "relu1" }, Drop("drop", 0.5f), Fc("fc2", 17), new Relu { Name = "relu2" }, Fc("fc3", 3)),
        Model("ConvolutionOnly", new(4, 6, 2), 5,
            Conv("conv1", 3) with { Kernel = 4, Padding = Padding.Valid }, Drop("drop", 0.75f), Pool("pool", 1, 3),
            Conv("conv2", 5) with { Kernel = 1 }),
    }.ToDictionary(model => model.Name);

    public static IEnumerable<TheoryDataRow<string>> Names => Odd.Keys.Select(name => new TheoryDataRow<string>(name));

    public static ModelSpec Find(string name) => Odd[name];

    public static ModelSpec Model(string name, FeatureShape input, int classes, params ImmutableArray<Layer> layers) => new()
    {
        Name = name,
        Input = input,
        Classes = [.. Enumerable.Range(0, classes).Select(c => $"class {c}")],
        Layers = layers,
    };

    /// <summary>A network with weights that keep its values about 1, biases among them.</summary>
    public static Network Random(ModelSpec spec, ulong seed = 7)
    {
        Network network = new(spec);
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            Parameter parameter = network.Parameters[i];
            double scale = parameter.Spec.Role == ParameterRole.Bias ? 0.3 : 1.3 / Math.Sqrt(parameter.Spec.FanIn);
            PhiloxSequence random = new(seed, (ulong)i);
            float[] values = new float[parameter.Length];
            foreach (ref float value in values.AsSpan())
                value = (float)(scale * random.NextNormal());
            network.Write(parameter, values);
        }
        return network;
    }

    /// <summary>Values from −1 to 1, apart from each other.</summary>
    public static float[] Noise(int length, ulong seed = 11)
    {
        PhiloxSequence random = new(seed, 99);
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
            value = (float)((2 * random.NextDouble()) - 1);
        return values;
    }

    public static int[] Labels(int count, int classes) => [.. Enumerable.Range(0, count).Select(i => (i * 7) % classes)];

    private static Convolution2D Conv(string name, int filters) => new() { Name = name, Filters = filters, Kernel = 3 };

    private static MaxPool2D Pool(string name, Size2D window, Size2D stride) => new() { Name = name, Window = window, Stride = stride };

    private static AveragePool2D Average(string name, Size2D window, Size2D stride) => new() { Name = name, Window = window, Stride = stride };

    private static AdaptiveAveragePool2D AverageTo(string name, int height, int width) => new() { Name = name, OutputHeight = height, OutputWidth = width };

    private static LocalResponseNorm Lrn(string name) => new() { Name = name, Radius = 1, Bias = 2, Alpha = 0.7f, Beta = 0.4f };

    private static Dropout Drop(string name, float keep) => new() { Name = name, Keep = keep };

    private static Dense Fc(string name, int units) => new() { Name = name, Units = units };
}
