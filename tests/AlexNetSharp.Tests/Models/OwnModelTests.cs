using System.Collections.Immutable;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Models;

/// <summary>A model that somebody wrote by hand, and models made to follow the classes of some data.</summary>
public sealed class OwnModelTests
{
    private const string Good = """
        {
          "name": "mine",
          "input": { "height": 16, "width": 16, "channels": 3 },
          "layers": [
            { "name": "conv1", "type": "convolution2d", "filters": 8, "kernel": 3, "stride": 1, "padding": "same", "groups": 1 },
            { "type": "relu", "name": "relu1" },
            { "type": "maxpool2d", "name": "pool1", "window": 3, "stride": 2, "padding": "valid" },
            { "type": "adaptiveaveragepool2d", "name": "avgpool", "outputHeight": 2, "outputWidth": 2 },
            { "type": "flatten", "name": "flatten" },
            { "type": "dense", "name": "fc1", "units": 4 }
          ]
        }
        """;

    private const string KnownTypes = "convolution2d, relu, tanh, sigmoid, leakyrelu, clip, maxpool2d, averagepool2d, adaptiveaveragepool2d, lrn, dropout, flatten, dense";

    private static readonly Layer Flat = new Flatten { Name = "flat" };

    [Fact]
    public void FromJson_WithoutClasses_NumbersTheOutputs()
    {
        ModelSpec model = ModelSpec.FromJson(Good, "mine.json");

        Assert.Equal(["0", "1", "2", "3"], model.Classes);
        Assert.Equal("[N,2,2,8]", model.InferShapes()[3].Output.ToString());
    }

    [Fact]
    public void FromJson_ExampleOfTheDocuments_FitsAndFollowsTheClasses()
    {
        string page = File.ReadAllText(Repository.File("docs", "models.md"));
        int start = page.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;

        ModelSpec model = ModelSpec.FromJson(page[start..page.IndexOf("```", start, StringComparison.Ordinal)], "models.md");

        Assert.Equal("[N,3]", model.WithClasses(["a", "b", "c"]).InferShapes()[^1].Output.ToString());
        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => (model with { Layers = [.. model.Layers.Where(layer => layer is not Flatten)] }).InferShapes());
        Assert.Contains(exception.Message, page, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_TypeAfterTheName_IsRead()
    {
        Assert.Equal(8, ((Convolution2D)ModelSpec.FromJson(Good, "mine.json").Layers[0]).Filters);
    }

    [Fact]
    public void FromJson_InitialBias_IsReadAndWrittenAgain()
    {
        ModelSpec model = ModelSpec.FromJson(Good.Replace("\"units\": 4", "\"units\": 4, \"initialBias\": 0.5"), "mine.json");

        Assert.Equal(0.5f, ((Dense)model.Layers[^1]).InitialBias);
        Assert.Equal(model.ToJson(), ModelSpec.FromJson(model.ToJson(), "again").ToJson());
        Assert.DoesNotContain("initialBias", ModelSpec.FromJson(Good, "mine.json").ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"kernel\": 3, \"stride\": 1, \"padding\": \"same\"", "\"kernel\": 17, \"stride\": 1, \"padding\": \"valid\"", "Convolution 'conv1': input [N,16,16,3] (NHWC). Convolution: the padded input is 16x16, smaller than the 17x17 filter. Use a larger picture, a smaller kernel or more padding.")]
    [InlineData("\"groups\": 1", "\"groups\": 2", "Convolution 'conv1': input [N,16,16,3] (NHWC). Convolution: 3 input and 8 output channels cannot be cut into 2 groups; both must be multiples of it.")]
    [InlineData("\"outputWidth\": 2", "\"outputWidth\": 0", "Average pooling 'avgpool': output 2x0; each side must be at least 1.")]
    [InlineData("{ \"type\": \"flatten\", \"name\": \"flatten\" },", "", "Dense 'fc1': input [N,2,2,8] (NHWC) is a picture; put a flatten layer before it.")]
    [InlineData("{ \"type\": \"dense\", \"name\": \"fc1\", \"units\": 4 }", "{ \"type\": \"relu\", \"name\": \"flatten\" }", "Model 'mine': the layer name 'flatten' is empty or used twice; every layer needs a name of its own.")]
    public void FromJson_LayersThatDoNotFit_NameTheLayerAndTheShapes(string right, string wrong, string message) => AssertRefused(right, wrong, message);

    [Theory]
    [InlineData("\"dense\"", "\"linear\"", "'mine.json' describes no model: layer 'fc1' is of the type 'linear', which is not known. Known types are " + KnownTypes + ".")]
    [InlineData("\"type\": \"dense\", ", "", "'mine.json' describes no model: layer 'fc1' has no type. Known types are " + KnownTypes + ".")]
    [InlineData("\"type\": \"dense\", \"name\": \"fc1\"", "\"type\": \"gelu\"", "'mine.json' describes no model: layer 6 is of the type 'gelu', which is not known. Known types are " + KnownTypes + ".")]
    public void FromJson_UnknownType_ListsTheKnown(string right, string wrong, string message) => AssertRefused(right, wrong, message);

    [Theory]
    [InlineData(", \"units\": 4", "", "layer 'fc1'", "units")]
    [InlineData(", \"padding\": \"same\"", "", "layer 'conv1'", "padding")]
    [InlineData("\"units\": 4", "\"units\": \"many\"", "layer 'fc1'", "units")]
    [InlineData("\"units\": 4", "\"units\": 4, \"bias\": true", "layer 'fc1'", "bias")]
    [InlineData("\"name\": \"mine\",", "", "'mine.json' describes no model", "name")]
    [InlineData("\"channels\": 3", "\"channel\": 3", "'mine.json' describes no model", "channel")]
    [InlineData("\"kernel\": 3,", "\"kernel\" 3,", "'mine.json' describes no model", "invalid")]
    public void FromJson_PropertyMissingOrWrong_NamesItAndItsLayer(string right, string wrong, string place, string property)
    {
        InvalidModelException exception = Refused(right, wrong);

        Assert.Contains(place, exception.Message, StringComparison.Ordinal);
        Assert.Contains(property, exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void FromJson_WithoutClassesAndWithoutAList_AsksForADenseLayer()
    {
        InvalidModelException exception = Refused(Good[Good.IndexOf("{ \"type\": \"flatten\"", StringComparison.Ordinal)..Good.IndexOf("\n  ]", StringComparison.Ordinal)], "{ \"type\": \"relu\", \"name\": \"last\" }");

        Assert.Equal("Model 'mine' names no classes, and its last layer 'last' gives [N,2,2,8]. End with a dense layer of as many units as there are classes.", exception.Message);
    }

    [Fact]
    public void WithClasses_DenseLast_GivesItAsManyUnits()
    {
        ModelSpec model = ModelSpec.FromJson(Good, "mine.json").WithClasses(["cat", "dog"]);

        Assert.Equal(["cat", "dog"], model.Classes);
        Assert.Equal(2, ((Dense)model.Layers[^1]).Units);
        Assert.Equal("[N,2]", model.InferShapes()[^1].Output.ToString());
    }

    [Fact]
    public void WithClasses_EveryModelOfTheCatalogue_IsTheOneMadeForThem()
    {
        ImmutableArray<string> classes = ["cat", "dog", "owl"];

        Assert.All(ModelCatalog.Names, name => Assert.Equal(ModelCatalog.Create(name, classes).ToJson(), ModelCatalog.Create(name).WithClasses(classes).ToJson()));
    }

    [Fact]
    public void WithClasses_AsManyAsBefore_OnlyNamesThem()
    {
        ModelSpec model = TestModels.Model("m", new(2, 2, 3), 12, Flat).WithClasses([.. Enumerable.Range(0, 12).Select(i => $"class {i}")]);

        Assert.Equal([Flat], model.Layers);
    }

    [Fact]
    public void WithClasses_ActivationAndDropoutAfterTheLastDense_ChangeTheDense()
    {
        ModelSpec model = TestModels.Find("ActivationLast").WithClasses(["a", "b", "c", "d", "e"]);

        Assert.Equal(5, model.Layers.OfType<Dense>().Last().Units);
        Assert.Equal(7, model.Layers.OfType<Dense>().First().Units);
    }

    [Fact]
    public void WithClasses_ConvolutionAndGlobalAverage_ChangeTheFilters()
    {
        Layer conv = new Convolution2D { Name = "conv", Filters = 3, Kernel = 1 }, average = new AdaptiveAveragePool2D { Name = "avg", OutputHeight = 1, OutputWidth = 1 };

        ModelSpec model = TestModels.Model("m", new(8, 8, 3), 3, conv, average).WithClasses(["a", "b", "c", "d"]);

        Assert.Equal(4, ((Convolution2D)model.Layers[0]).Filters);
    }

    [Fact]
    public void WithClasses_OutputsThatCannotFollow_SayWhy()
    {
        ModelSpec spread = TestModels.Model("m", new(2, 2, 3), 8, new Convolution2D { Name = "conv", Filters = 2, Kernel = 3 }, Flat);
        ModelSpec bare = TestModels.Model("m", new(2, 2, 3), 12, Flat);
        ModelSpec groups = TestModels.Model("m", new(1, 1, 4), 4, new Convolution2D { Name = "conv", Filters = 4, Kernel = 1, Groups = 2 });

        AssertMessage("Model 'm': the last layer 'flat' gives [N,12], but there are 3 classes. End with a dense layer of 3 units.", () => spread.WithClasses(["a", "b", "c"]));
        AssertMessage("Model 'm' has no dense or convolution layer, so its outputs cannot follow the 3 classes. End with a dense layer.", () => bare.WithClasses(["a", "b", "c"]));
        AssertMessage(
            "Convolution 'conv': input [N,4] (NHWC). Convolution: 4 input and 3 output channels cannot be cut into 2 groups; both must be multiples of it.",
            () => groups.WithClasses(["a", "b", "c"]));
        AssertMessage("Model 'm' names no classes.", () => bare.WithClasses([]));
    }

    private static void AssertMessage(string message, Func<ModelSpec> call) => Assert.Equal(message, Assert.Throws<InvalidModelException>(call).Message);

    private static void AssertRefused(string right, string wrong, string message) => Assert.Equal(message, Refused(right, wrong).Message);

    private static InvalidModelException Refused(string right, string wrong)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        return Assert.Throws<InvalidModelException>(() => ModelSpec.FromJson(Good.Replace(right, wrong), "mine.json"));
    }
}
