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
    public void Create_KnownName_GivesThatModel()
    {
        Assert.All(ModelCatalog.Names, name => Assert.Equal(name, ModelCatalog.Create(name, Mnist.Digits).Name));
    }

    [Fact]
    public void Create_UnknownName_ListsTheKnown()
    {
        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => ModelCatalog.Create("lenet", Mnist.Digits));

        Assert.Equal("There is no model called 'lenet'. Known are: alexnet-mnist.", exception.Message);
    }
}
