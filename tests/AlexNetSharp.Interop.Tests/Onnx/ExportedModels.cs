using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>The models that go out and in: those of the catalog, narrow; small ones that are odd in a way of their own; and a few that only ONNX finds odd.</summary>
internal static class ExportedModels
{
    private static readonly Dictionary<string, ModelSpec> All = new ModelSpec[]
    {
        ModelCatalog.AlexNetMnist(Mnist.Digits, width: 8),
        ModelCatalog.AlexNetCifar(Mnist.Digits, width: 8),
        ModelCatalog.AlexNetOwt(Mnist.Digits, width: 16),
        ModelCatalog.AlexNet2012(Mnist.Digits, width: 16),
        ModelCatalog.CaffeNet(Mnist.Digits, width: 16),
        // A list of values that layers for pictures take for a picture of one position, in this engine's order.
        TestModels.Model("PictureLayersAfterFlatten", new(2, 3, 4), 5,
            new Flatten { Name = "flat" }, new Relu { Name = "relu" }, new LocalResponseNorm { Name = "lrn", Radius = 2, Alpha = 0.8f },
            new Convolution2D { Name = "conv", Filters = 6, Kernel = 1 }, new Flatten { Name = "flat2" }, new MaxPool2D { Name = "pool", Window = 1, Stride = 1 },
            new Dense { Name = "fc", Units = 5 }),
        TestModels.Model("NormBetweenFlattenAndDense", new(2, 3, 4), 5,
            new Flatten { Name = "flat" }, new LocalResponseNorm { Name = "lrn", Radius = 2, Alpha = 0.8f }, new Dense { Name = "fc", Units = 5 }),
        // The logits are the flattened picture itself.
        TestModels.Model("FlattenLast", new(4, 3, 2), 12, new MaxPool2D { Name = "pool", Window = 2, Stride = 1 }, new Flatten { Name = "flat" }),
        TestModels.Model("GlobalAverage", new(5, 4, 3), 3, new AdaptiveAveragePool2D { Name = "avg", OutputHeight = 1, OutputWidth = 1 }, new Dense { Name = "fc", Units = 3 }),
        TestModels.Model("AverageUpwards", new(1, 2, 3), 3,
            new AdaptiveAveragePool2D { Name = "avg", OutputHeight = 3, OutputWidth = 2 }, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 3 }),
        // Names that meet those of the graph's ends and of its constants.
        TestModels.Model("Names", new(3, 3, 2), 3,
            new Convolution2D { Name = "input", Filters = 4, Kernel = 3 }, new Relu { Name = "logits" }, new Flatten { Name = "input.weight" },
            new Dense { Name = "a layer: «fc» / 1", Units = 4 }, new Dropout { Name = "fc.ratio", Keep = 0.3f }, new Dense { Name = "fc", Units = 3 }, new Dropout { Name = "pixels", Keep = 1e-9f }),
    }.Concat(TestModels.Names.Select(row => TestModels.Find(row.Data))).ToDictionary(model => model.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    public static ModelSpec Find(string name) => All[name];
}
