using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Execution;

public sealed class WeightTransferTests
{
    private static readonly ImmutableArray<string> Three = ["cat", "dog", "owl"];

    private static readonly Layer[] Layers =
    [
        new Convolution2D { Name = "conv", Filters = 4, Kernel = 3 }, new Relu { Name = "relu" }, new Flatten { Name = "flat" },
        new Dense { Name = "fc1", Units = 5 }, new Dense { Name = "fc2", Units = 3 },
    ];

    private static readonly ModelSpec Model = TestModels.Model("source", new(4, 6, 2), 3, [.. Layers]) with { Classes = Three };

    [Fact]
    public void Copy_SameModel_LoadsEverything()
    {
        using Network source = TestModels.Random(Model), target = new(Model with { Name = "target" });

        WeightTransferReport report = WeightTransfer.Copy(source, target);

        Assert.Equal(["conv.weight", "conv.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"], report.Loaded);
        Assert.Empty(report.Left);
        Assert.Equal(source.Values.ToArray(), target.Values.ToArray());
    }

    [Fact]
    public void Copy_OtherNumberOfClasses_LeavesTheLastLayerAndSaysWhy()
    {
        using Network source = TestModels.Random(Model), target = TestModels.Random(Model.WithClasses(["a", "b"]), seed: 8);
        float[] before = target.Read(target.Find("fc2.weight"));

        WeightTransferReport report = WeightTransfer.Copy(source, target);

        Assert.Equal(["conv.weight", "conv.bias", "fc1.weight", "fc1.bias"], report.Loaded);
        Assert.Equal(
            [new LeftParameter("fc2.weight", "its shape is [5,3] there and [5,2] here"), new LeftParameter("fc2.bias", "its shape is [3] there and [2] here")],
            report.Left);
        Assert.Equal(before, target.Read(target.Find("fc2.weight")));
        Assert.Equal(source.Read(source.Find("fc1.weight")), target.Read(target.Find("fc1.weight")));
    }

    [Fact]
    public void Copy_AsManyClassesOfOtherNames_LeavesTheLastLayer()
    {
        using Network source = TestModels.Random(Model), target = new(Model.WithClasses(["cat", "owl", "dog"]));

        WeightTransferReport report = WeightTransfer.Copy(source, target);

        Assert.Equal(["fc2.weight", "fc2.bias"], report.Left.Select(parameter => parameter.Name));
        Assert.All(report.Left, parameter => Assert.Equal("class 1 is 'dog' there and 'owl' here", parameter.Reason));
        Assert.All(target.Read(target.Find("fc2.weight")), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Copy_PictureOfAnotherShapeWithAsManyValues_LeavesTheLayerThatReadsIt()
    {
        using Network source = TestModels.Random(Model), target = new(Model with { Input = new(6, 4, 2) });

        WeightTransferReport report = WeightTransfer.Copy(source, target);

        LeftParameter left = Assert.Single(report.Left);
        Assert.Equal(new LeftParameter("fc1.weight", "its inputs are a flattened [N,4,6,4] there and a flattened [N,6,4,4] here"), left);
    }

    [Fact]
    public void Copy_LayerThatTheSourceLacks_IsNamed()
    {
        using Network source = TestModels.Random(Model);
        using Network target = new(Model with { Layers = Model.Layers.Insert(1, new Convolution2D { Name = "conv2", Filters = 4, Kernel = 1 }) });

        WeightTransferReport report = WeightTransfer.Copy(source, target);

        Assert.Equal(
            [new LeftParameter("conv2.weight", "'source' has no parameter of that name"), new LeftParameter("conv2.bias", "'source' has no parameter of that name")],
            report.Left);
    }

    [Fact]
    public void Copy_LastLayerWhoseNamesakeIsNotTheSourcesLast_IsLeft()
    {
        using Network source = TestModels.Random(Model with { Classes = ["a", "b"], Layers = Model.Layers.Add(new Dense { Name = "fc3", Units = 2 }) });
        using Network target = new(Model);

        WeightTransferReport report = WeightTransfer.Copy(source, target);

        Assert.All(report.Left, parameter => Assert.Equal("there are 2 classes there and 3 here", parameter.Reason));
        Assert.Equal(["fc2.weight", "fc2.bias"], report.Left.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Copy_NothingFits_SaysSoInOneLine()
    {
        using Network source = TestModels.Random(Model);
        using Network target = new(TestModels.Model("other", new(4, 4, 1), 3, new Flatten { Name = "flat" }, new Dense { Name = "fc1", Units = 3 }));

        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => WeightTransfer.Copy(source, target));

        Assert.Equal(
            "No weights of 'source' fit 'other': of 'fc1.weight', its shape is [96,5] there and [16,3] here. Begin from a model whose layers have the same names and sizes.",
            exception.Message);
    }

    [Fact]
    public void Copy_IntoANetwork_MakesItsPlansPrepareTheWeightsAnew()
    {
        using Network source = TestModels.Random(Model), target = new(Model);
        long before = target.Version;

        WeightTransfer.Copy(source, target);

        Assert.True(target.Version > before);
    }
}
