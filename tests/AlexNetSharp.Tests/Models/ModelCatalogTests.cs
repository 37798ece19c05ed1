using System.Collections.Immutable;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Models;

public sealed class ModelCatalogTests
{
    [Fact]
    public void AlexNetMnist_TenClasses_HasTheTutorialsParameters()
    {
        ModelSpec model = ModelCatalog.AlexNetMnist(Mnist.Digits);

        Assert.Equal(5_624_842, model.InferShapes().Sum(shape => shape.ParameterCount));
    }

    [Fact]
    public void AlexNetMnist_Shapes_Go28To14To7To4()
    {
        Dictionary<string, string> outputs = ModelCatalog.AlexNetMnist(Mnist.Digits).InferShapes().ToDictionary(shape => shape.Layer.Name, shape => shape.Output.ToString());

        Assert.Equal("[N,28,28,64]", outputs["conv1"]);
        Assert.Equal("[N,14,14,64]", outputs["pool1"]);
        Assert.Equal("[N,14,14,128]", outputs["conv2"]);
        Assert.Equal("[N,7,7,128]", outputs["pool2"]);
        Assert.Equal("[N,7,7,256]", outputs["conv3"]);
        Assert.Equal("[N,4,4,256]", outputs["pool3"]);
        Assert.Equal("[N,4096]", outputs["flatten"]);
        Assert.Equal("[N,1024]", outputs["fc1"]);
        Assert.Equal("[N,1024]", outputs["fc2"]);
        Assert.Equal("[N,10]", outputs["fc3"]);
    }

    [Fact]
    public void AlexNetMnist_Layers_StandInTheTutorialsOrderWithItsConstants()
    {
        ModelSpec model = ModelCatalog.AlexNetMnist(Mnist.Digits);

        string[] block = ["Convolution", "ReLU", "Max pooling", "LRN", "Dropout"];
        Assert.Equal([.. block, .. block, .. block, "Flatten", "Dense", "ReLU", "Dense", "ReLU", "Dense"], model.Layers.Select(layer => layer.Kind));
        Assert.All(model.Layers.OfType<LocalResponseNorm>(), norm => Assert.Equal((4, 1f, 0.001f / 9, 0.75f), (norm.Radius, norm.Bias, norm.Alpha, norm.Beta)));
        Assert.All(model.Layers.OfType<Dropout>(), dropout => Assert.Equal(0.8f, dropout.Keep));
        Assert.All(model.Layers.OfType<Convolution2D>(), convolution => Assert.Equal((3, 1, true), (convolution.Kernel, convolution.Stride, convolution.Padding.IsSame)));
    }

    [Fact]
    public void AlexNetMnist_MultiplyAccumulates_AreCountedByHand()
    {
        Dictionary<string, long> work = ModelCatalog.AlexNetMnist(Mnist.Digits).InferShapes().ToDictionary(shape => shape.Layer.Name, shape => shape.MultiplyAccumulates);

        Assert.Equal(28L * 28 * 64 * 9, work["conv1"]);
        Assert.Equal(14L * 14 * 128 * 9 * 64, work["conv2"]);
        Assert.Equal(7L * 7 * 256 * 9 * 128, work["conv3"]);
        Assert.Equal(4096L * 1024, work["fc1"]);
        Assert.Equal(0, work["pool1"]);
    }

    [Fact]
    public void AlexNetMnist_FirstDenseLayer_RemembersTheFlattenedPicture()
    {
        Dictionary<string, FeatureShape?> from = ModelCatalog.AlexNetMnist(Mnist.Digits).InferShapes().ToDictionary(shape => shape.Layer.Name, shape => shape.FlattenedFrom);

        Assert.Equal(new FeatureShape(4, 4, 256), from["fc1"]);
        Assert.Null(from["conv1"]);
        Assert.Null(from["fc2"]);
    }

    [Fact]
    public void AlexNetOwt_ThousandClasses_HasTorchvisionsParameters()
    {
        ModelSpec model = ModelCatalog.AlexNetOwt(Names(1000));

        Assert.Equal(61_100_840, model.InferShapes().Sum(shape => shape.ParameterCount));
    }

    [Fact]
    public void AlexNetOwt_Shapes_Go224To55To27To13To6()
    {
        Dictionary<string, string> outputs = ModelCatalog.AlexNetOwt(Names(1000)).InferShapes().ToDictionary(shape => shape.Layer.Name, shape => shape.Output.ToString());

        Assert.Equal("[N,55,55,64]", outputs["conv1"]);
        Assert.Equal("[N,27,27,64]", outputs["pool1"]);
        Assert.Equal("[N,27,27,192]", outputs["conv2"]);
        Assert.Equal("[N,13,13,192]", outputs["pool2"]);
        Assert.Equal("[N,13,13,384]", outputs["conv3"]);
        Assert.Equal("[N,13,13,256]", outputs["conv4"]);
        Assert.Equal("[N,13,13,256]", outputs["conv5"]);
        Assert.Equal("[N,6,6,256]", outputs["pool5"]);
        Assert.Equal("[N,9216]", outputs["flatten"]);
        Assert.Equal("[N,4096]", outputs["fc1"]);
        Assert.Equal("[N,4096]", outputs["fc2"]);
        Assert.Equal("[N,1000]", outputs["fc3"]);
    }

    [Fact]
    public void AlexNetOwt_Layers_StandInTorchvisionsOrder()
    {
        ModelSpec model = ModelCatalog.AlexNetOwt(Names(1000));

        Assert.Equal(
            [
                "Convolution", "ReLU", "Max pooling", "Convolution", "ReLU", "Max pooling", "Convolution", "ReLU", "Convolution", "ReLU", "Convolution", "ReLU",
                "Max pooling", "Average pooling", "Flatten", "Dropout", "Dense", "ReLU", "Dropout", "Dense", "ReLU", "Dense",
            ],
            model.Layers.Select(layer => layer.Kind));
        Assert.Equal([(11, 4), (5, 1), (3, 1), (3, 1), (3, 1)], model.Layers.OfType<Convolution2D>().Select(convolution => (convolution.Kernel, convolution.Stride)));
        Assert.All(model.Layers.OfType<MaxPool2D>(), pool => Assert.Equal((3, 2, Padding.Valid), (pool.Window, pool.Stride, pool.Padding)));
        Assert.All(model.Layers.OfType<Dropout>(), dropout => Assert.Equal(0.5f, dropout.Keep));
    }

    [Fact]
    public void AlexNetOwt_Width_DividesEveryLayersUnits()
    {
        Dictionary<string, string> outputs = ModelCatalog.AlexNetOwt(Names(7), width: 16).InferShapes().ToDictionary(shape => shape.Layer.Name, shape => shape.Output.ToString());

        Assert.Equal("[N,55,55,4]", outputs["conv1"]);
        Assert.Equal("[N,27,27,12]", outputs["conv2"]);
        Assert.Equal("[N,13,13,24]", outputs["conv3"]);
        Assert.Equal("[N,6,6,16]", outputs["pool5"]);
        Assert.Equal("[N,256]", outputs["fc2"]);
        Assert.Equal("[N,7]", outputs["fc3"]);
    }

    [Fact]
    public void AlexNetOwt_OtherInputSizes_ReachTheFirstDenseLayerInTheSameShape()
    {
        ModelSpec model = ModelCatalog.AlexNetOwt(Names(1000));
        foreach (int side in (int[])[63, 96, 224, 256, 500])
        {
            ModelSpec other = model with { Input = new(side, side + 10, 3), Preprocessing = Preprocessing.None };

            Assert.Equal(61_100_840, other.InferShapes().Sum(shape => shape.ParameterCount));
        }
    }

    [Fact]
    public void AlexNetOwt_Preprocessing_IsTorchvisions()
    {
        Preprocessing preprocessing = ModelCatalog.AlexNetOwt(Names(1000)).Preprocessing;

        Assert.Equal((PictureFit.Crop, 256), (preprocessing.Fit, preprocessing.ResizeTo));
        Assert.Equal([0.485f, 0.456f, 0.406f], preprocessing.Mean);
        Assert.Equal([0.229f, 0.224f, 0.225f], preprocessing.Deviation);
    }

    [Theory]
    [InlineData(ModelCatalog.AlexNet2012Name, "norm1,pool1,norm2,pool2")]
    [InlineData(ModelCatalog.CaffeNetName, "pool1,norm1,pool2,norm2")]
    public void AlexNet2012AndCaffeNet_Layers_StandInTheirSourcesOrder(string name, string stages)
    {
        ModelSpec model = ModelCatalog.Create(name);
        string[] stage = stages.Split(',');

        Assert.Equal(
            [
                "conv1", "relu1", stage[0], stage[1], "conv2", "relu2", stage[2], stage[3], "conv3", "relu3", "conv4", "relu4", "conv5", "relu5", "pool5", "flatten",
                "fc1", "relu6", "drop1", "fc2", "relu7", "drop2", "fc3",
            ],
            model.Layers.Select(layer => layer.Name));
        Assert.Equal([(96, 11, 4, 1), (256, 5, 1, 2), (384, 3, 1, 1), (384, 3, 1, 2), (256, 3, 1, 2)], model.Layers.OfType<Convolution2D>().Select(conv => (conv.Filters, conv.Kernel, conv.Stride, conv.Groups)));
        Assert.Equal([0, 2, 1, 1, 1], model.Layers.OfType<Convolution2D>().Select(conv => conv.Padding.Top));
        Assert.All(model.Layers.OfType<MaxPool2D>(), pool => Assert.Equal((3, 2, Padding.Valid), (pool.Window, pool.Stride, pool.Padding)));
        Assert.All(model.Layers.OfType<Dropout>(), dropout => Assert.Equal(0.5f, dropout.Keep));
    }

    [Theory]
    [InlineData(ModelCatalog.AlexNet2012Name, 2f, 1e-4)]
    [InlineData(ModelCatalog.CaffeNetName, 1f, 2e-5)]
    public void AlexNet2012AndCaffeNet_Norms_HaveTheirSourcesConstants(string name, float bias, double alpha)
    {
        Assert.All(ModelCatalog.Create(name).Layers.OfType<LocalResponseNorm>(), norm =>
        {
            Assert.Equal((2, bias, 0.75f), (norm.Radius, norm.Bias, norm.Beta));
            Assert.Equal(alpha, norm.Alpha, alpha * 1e-6);
        });
    }

    [Theory]
    [InlineData(ModelCatalog.AlexNet2012Name)]
    [InlineData(ModelCatalog.CaffeNetName)]
    public void AlexNet2012AndCaffeNet_Shapes_Go227To55To27To13To6(string name)
    {
        ImmutableArray<LayerShape> shapes = ModelCatalog.Create(name).InferShapes();
        Dictionary<string, string> outputs = shapes.ToDictionary(shape => shape.Layer.Name, shape => shape.Output.ToString());

        Assert.Equal(60_965_224, shapes.Sum(shape => shape.ParameterCount));
        Assert.Equal("[N,227,227,3]", shapes[0].Input.ToString());
        Assert.Equal("[N,55,55,96]", outputs["conv1"]);
        Assert.Equal("[N,27,27,96]", outputs["pool1"]);
        Assert.Equal("[N,27,27,256]", outputs["conv2"]);
        Assert.Equal("[N,13,13,256]", outputs["pool2"]);
        Assert.Equal("[N,13,13,384]", outputs["conv3"]);
        Assert.Equal("[N,13,13,384]", outputs["conv4"]);
        Assert.Equal("[N,13,13,256]", outputs["conv5"]);
        Assert.Equal("[N,6,6,256]", outputs["pool5"]);
        Assert.Equal("[N,4096]", outputs["fc2"]);
        Assert.Equal("[N,1000]", outputs["fc3"]);
    }

    [Fact]
    public void AlexNet2012_Preprocessing_GivesBytesLessTheirMean()
    {
        Preprocessing preprocessing = ModelCatalog.Create(ModelCatalog.AlexNet2012Name).Preprocessing;

        Assert.Equal((PictureFit.Crop, 256), (preprocessing.Fit, preprocessing.ResizeTo));
        Assert.All(preprocessing.Deviation, deviation => Assert.Equal(1, 255 * deviation, 1e-6));
    }

    [Fact]
    public void AlexNetCifar_TenClasses_HasItsParametersAndWork()
    {
        ImmutableArray<LayerShape> shapes = ModelCatalog.AlexNetCifar(Mnist.Digits).InferShapes();
        Dictionary<string, string> outputs = shapes.ToDictionary(shape => shape.Layer.Name, shape => shape.Output.ToString());

        Assert.Equal(2_986_506, shapes.Sum(shape => shape.ParameterCount));
        Assert.Equal(90_903_552, shapes.Sum(shape => shape.MultiplyAccumulates));
        Assert.Equal("[N,32,32,64]", outputs["conv1"]);
        Assert.Equal("[N,16,16,128]", outputs["conv2"]);
        Assert.Equal("[N,8,8,256]", outputs["conv3"]);
        Assert.Equal("[N,8,8,192]", outputs["conv5"]);
        Assert.Equal("[N,4,4,192]", outputs["pool5"]);
        Assert.Equal("[N,512]", outputs["fc1"]);
        Assert.Equal("[N,10]", outputs["fc3"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(28)]
    [InlineData(48)]
    [InlineData(96)]
    public void AlexNetCifar_OtherInputSizes_HaveTheSameParameters(int side)
    {
        ModelSpec model = ModelCatalog.AlexNetCifar(Mnist.Digits) with { Input = new(side, side, 3) };

        Assert.Equal(2_986_506, model.InferShapes().Sum(shape => shape.ParameterCount));
    }

    [Fact]
    public void Create_KnownName_GivesThatModel()
    {
        Assert.All(ModelCatalog.Names, name => Assert.Equal(name, ModelCatalog.Create(name, Mnist.Digits).Name));
    }

    [Theory]
    [InlineData(ModelCatalog.AlexNetMnistName, 10)]
    [InlineData(ModelCatalog.AlexNetCifarName, 10)]
    [InlineData(ModelCatalog.AlexNet2012Name, 1000)]
    [InlineData(ModelCatalog.CaffeNetName, 1000)]
    [InlineData(ModelCatalog.AlexNetOwtName, 1000)]
    public void Create_WithoutClasses_NumbersAsManyAsTheModelWasPublishedWith(string name, int classes)
    {
        ModelSpec model = ModelCatalog.Create(name);

        Assert.Equal(name, model.Name);
        Assert.Equal(Names(classes), model.Classes);
        _ = model.InferShapes();
    }

    [Fact]
    public void Create_UnknownName_ListsTheKnown()
    {
        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => ModelCatalog.Create("lenet", Mnist.Digits));

        Assert.Equal("There is no model called 'lenet'. Known are: alexnet-mnist, alexnet-cifar, alexnet-2012, caffenet, alexnet-owt.", exception.Message);
    }

    private static ImmutableArray<string> Names(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"{i}")];
}
