using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Models;

public sealed class ModelJsonTests
{
    private const string Good = """
        {"name":"m","input":{"height":4,"width":4,"channels":1},"classes":["a","b"],"layers":[
        {"type":"maxpool2d","name":"pool","window":2,"stride":2,"padding":"valid"},{"type":"flatten","name":"flat"},{"type":"dense","name":"fc","units":2}]}
        """;

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void FromJson_OfWhatToJsonWrote_GivesTheSameModel(string name)
    {
        AssertRoundTrips(TestModels.Find(name));
    }

    [Fact]
    public void FromJson_OfTheTutorialsNetwork_GivesTheSameModel()
    {
        AssertRoundTrips(ModelCatalog.AlexNetMnist(Mnist.Digits));
    }

    [Fact]
    public void ToJson_EveryLayerType_OccursInTheRoundTrips()
    {
        IEnumerable<Type> tested = TestModels.Names.SelectMany(row => TestModels.Find(row.Data).Layers).Select(layer => layer.GetType()).Distinct();

        Assert.Empty(typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract).Except(tested));
    }

    [Theory]
    [InlineData("same")]
    [InlineData("valid")]
    public void FromJson_NamedPadding_GivesIt(string padding)
    {
        ModelSpec model = ModelSpec.FromJson(Good.Replace("\"valid\"", $"\"{padding}\""), "file");

        Assert.Equal(padding == "same" ? Padding.Same : Padding.Valid, ((MaxPool2D)model.Layers[0]).Padding);
    }

    [Fact]
    public void FromJson_FourAmountsOfPadding_GivesThem()
    {
        ModelSpec model = ModelSpec.FromJson(Good.Replace("\"valid\"", "[1,0,0,1]"), "file");

        Assert.Equal(Padding.Explicit(1, 0, 0, 1), ((MaxPool2D)model.Layers[0]).Padding);
    }

    [Fact]
    public void FromJson_NumberOrPair_GivesTheSize()
    {
        Assert.Equal(new Size2D(2, 2), ((MaxPool2D)ModelSpec.FromJson(Good, "file").Layers[0]).Window);
        Assert.Equal(new Size2D(3, 1), ((MaxPool2D)ModelSpec.FromJson(Good.Replace("\"window\":2", "\"window\":[3,1]"), "file").Layers[0]).Window);
    }

    [Fact]
    public void FromJson_WithoutDilationAndCeilMode_GivesOneAndFalse()
    {
        string json = TestModels.Find("ConvolutionOnly").ToJson();
        Assert.DoesNotContain("dilation", json, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ceil", json, StringComparison.OrdinalIgnoreCase);

        ModelSpec model = ModelSpec.FromJson(json, "file");

        Assert.All(model.Layers.OfType<Convolution2D>(), convolution => Assert.Equal(new Size2D(1, 1), convolution.Dilation));
        Assert.All(model.Layers.OfType<MaxPool2D>(), pool => Assert.False(pool.CeilMode));
    }

    // As in model files from before sizes could differ: equal runs keep giving equal bytes.
    [Theory]
    [InlineData("""{"type":"convolution2d","filters":64,"kernel":3,"stride":1,"padding":"same","groups":1,"kind":"Convolution","name":"conv1"}""")]
    [InlineData("""{"type":"maxpool2d","window":2,"stride":2,"padding":"same","kind":"Max pooling","name":"pool1"}""")]
    public void ToJson_SquareSizes_AreWrittenAsOneNumber(string layer) =>
        Assert.Contains(layer, ModelCatalog.AlexNetMnist(Mnist.Digits).ToJson(), StringComparison.Ordinal);

    [Fact]
    public void ToJson_OtherSizes_AreWrittenAsPairs()
    {
        string json = TestModels.Find("Dilations").ToJson();

        Assert.Contains("\"dilation\":2", json, StringComparison.Ordinal);
        Assert.Contains("\"dilation\":[3,1]", json, StringComparison.Ordinal);
        Assert.Contains("\"kernel\":[2,3]", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "found null")]
    [InlineData("[]", "JSON")]
    [InlineData("{", "JSON")]
    [InlineData("{}", "required")]
    public void FromJson_NoModelAtAll_NamesTheSource(string json, string fault)
    {
        AssertRefused(json, fault);
    }

    [Theory]
    [InlineData("\"units\":2", "\"units\":2,\"unit\":3", "unit")]
    [InlineData("\"name\":\"m\"", "\"name\":\"m\",\"author\":\"x\"", "author")]
    [InlineData("\"height\":4", "\"height\":4,\"depth\":4", "depth")]
    [InlineData("\"units\":2", "\"units\":2.5", "units")]
    [InlineData("\"units\":2", "\"units\":\"2\"", "units")]
    [InlineData("\"units\":2", "\"units\":null", "units")]
    [InlineData(",\"units\":2", "", "units")]
    [InlineData(",\"padding\":\"valid\"", "", "padding")]
    [InlineData("\"type\":\"dense\"", "\"type\":\"linear\"", "linear")]
    [InlineData("\"type\":\"dense\",", "", "type")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":\"full\"", "full")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":[1,2,3]", "[top, left, bottom, right]")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":[1,2,3,4,5]", "[top, left, bottom, right]")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":[0,0,-1,0]", "[top, left, bottom, right]")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":[0,0,0.5,0]", "[top, left, bottom, right]")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":[0,0,0,[0]]", "[top, left, bottom, right]")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":1", "[top, left, bottom, right]")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":{}", "[top, left, bottom, right]")]
    [InlineData("\"padding\":\"valid\"", "\"padding\":null", "padding")]
    [InlineData("\"window\":2", "\"window\":\"2\"", "layer 'pool': 'window': expected a whole number, or two of them: [height, width].")]
    [InlineData("\"window\":2", "\"window\":[2]", "'window': expected")]
    [InlineData("\"window\":2", "\"window\":[2,2,2]", "'window': expected")]
    [InlineData("\"window\":2", "\"window\":[2,2.5]", "'window': expected")]
    [InlineData("\"window\":2", "\"window\":null", "'window'")]
    [InlineData("\"window\":2", "\"window\":2,\"ceilMode\":1", "ceilMode")]
    [InlineData("\"name\":\"fc\"", "\"name\":null", "name")]
    [InlineData("\"classes\":[\"a\",\"b\"]", "\"classes\":null", "classes")]
    public void FromJson_OneThingWrong_NamesTheSourceAndTheFault(string right, string wrong, string fault)
    {
        ModelSpec.FromJson(Good, "file");
        string json = Good.Replace(right, wrong);
        Assert.NotEqual(Good, json);

        AssertRefused(json, fault);
    }

    [Theory]
    [InlineData("\"units\":2", "\"units\":3", "Model 'm': the last layer 'fc' gives [N,3], but there are 2 classes. End with a dense layer of 2 units.")]
    [InlineData("\"a\",\"b\"", "\"a\",null", "Model 'm': a class or a layer is null")]
    [InlineData("{\"type\":\"flatten\",\"name\":\"flat\"}", "null", "Model 'm': a class or a layer is null")]
    [InlineData("\"window\":2", "\"window\":9", "Max pooling 'pool': input [N,4,4,1] (NHWC)")]
    public void FromJson_LayersThatDoNotFit_SayWhich(string right, string wrong, string start)
    {
        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => ModelSpec.FromJson(Good.Replace(right, wrong), "file"));

        Assert.StartsWith(start, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static void AssertRoundTrips(ModelSpec model)
    {
        string json = model.ToJson();

        ModelSpec back = ModelSpec.FromJson(json, "test");

        Assert.Equal(json, back.ToJson());
        Assert.Equal(model.Layers.AsEnumerable(), back.Layers);
        Assert.Equal(model.InferShapes().Select(Describe), back.InferShapes().Select(Describe));
    }

    private static string Describe(LayerShape shape) =>
        $"{shape.Layer.Name} {shape.Input} {shape.Output} {shape.FlattenedFrom} {string.Join(';', shape.Parameters.Select(p => $"{p.Name} {string.Join(',', p.Shape)} {p.FanIn} {p.FanOut}"))}";

    private static void AssertRefused(string json, string fault)
    {
        InvalidModelException exception = Assert.Throws<InvalidModelException>(() => ModelSpec.FromJson(json, "some.json"));

        Assert.StartsWith("'some.json' describes no model: ", exception.Message);
        Assert.Contains(fault, exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
