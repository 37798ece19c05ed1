using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.PyTorch;
using AlexNetSharp.Interop.Weights;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Tests.PyTorch;

/// <summary>Files that PyTorch itself wrote (Fixtures/make.py), against the logits that it computed in float64.</summary>
public sealed class PyTorchWeightsTests : IDisposable
{
    // Eight layers of float32 sums of up to some 300 terms, each sum's error below 300 · 2^-24 of its terms' sum: 8 · 2e-5.
    private const double Tolerance = 1.6e-4;

    private static readonly JsonElement _logits = JsonDocument.Parse(File.ReadAllText(Fixture("logits.json"))).RootElement;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("mnist.pth", "mnist", ModelCatalog.AlexNetMnistName, 16)]
    [InlineData("mnist-legacy.pth", "mnist", ModelCatalog.AlexNetMnistName, 16)]
    [InlineData("owt-half-nested.pth", "owt-half", ModelCatalog.AlexNetOwtName, 32)]
    [InlineData("owt-bfloat16-legacy.pth", "owt-bfloat16", ModelCatalog.AlexNetOwtName, 32)]
    public void Load_FileOfPyTorch_GivesPyTorchsLogits(string file, string logits, string model, int width)
    {
        ImmutableArray<string> ten = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];
        using Network network = ModelLoader.Load(Fixture(file), model == ModelCatalog.AlexNetMnistName ? ModelCatalog.AlexNetMnist(ten, width) : ModelCatalog.AlexNetOwt(ten, width));

        double[][] expected = _logits.GetProperty(logits).Deserialize<double[][]>()!;
        Assert.Equal(expected[0].Length, network.Spec.Classes.Length);
        // Names are kept where they are as many, and numbers elsewhere.
        Assert.Equal(expected[0].Length == 10 ? "class 3" : "3", network.Spec.Classes[3]);
        AssertLogits(expected, network);
    }

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views-legacy.pth")]
    public void Read_ViewsOfEveryKind_GivesTheirValuesInOrder(string file)
    {
        using PyTorchFile opened = PyTorchFile.Open(Fixture(file));

        Dictionary<string, NamedTensor> tensors = opened.Tensors.ToDictionary(tensor => tensor.Name);
        Assert.Equal(["conv.weight", "conv.bias", "fc.weight", "fc.bias"], opened.Tensors.Select(tensor => tensor.Name));
        // [3,3,2,2] seen as [2,2,3,3]: element (a,b,c,d) is element (d,c,a,b) of 0, 1, 2, ….
        Assert.Equal([2, 2, 3, 3], tensors["conv.weight"].Shape);
        Assert.Equal(
            from a in Enumerable.Range(0, 2) from b in Enumerable.Range(0, 2) from c in Enumerable.Range(0, 3) from d in Enumerable.Range(0, 3) select (float)((d * 12) + (c * 4) + (a * 2) + b),
            Read(tensors["conv.weight"]));
        Assert.Equal([38, 39], Read(tensors["conv.bias"]));
        Assert.Equal([2, 4], tensors["fc.weight"].Shape);
        Assert.Equal([0, 4, 8, 12, 1, 5, 9, 13], Read(tensors["fc.weight"]));
        Assert.Equal([0, 20], Read(tensors["fc.bias"]));
    }

    [Fact]
    public void Read_ExpandedTensor_IsRefusedBeforeItTakesMemory()
    {
        using PyTorchFile file = PyTorchFile.Open(Fixture("expanded.pth"));

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => file.Tensors[0].ReadInto([]));

        Assert.Contains("tensor 'conv.weight' has 1000000 values, its storage 1;", exception.Message);
        Assert.Contains("contiguous()", exception.Message);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    public void Load_StoredOrDeflated_GivesEveryWeightBack(CompressionLevel compression)
    {
        using Network network = new(ModelCatalog.AlexNetMnist([.. "0123456789".Select(digit => $"{digit}")], 16));
        Initializer.Initialize(network, Initialization.StandardNormal, 5);
        string path = _directory.File("weights.pt");
        TorchFile.Save(network, path, compression);

        using Network back = ModelLoader.Load(path, network.Spec);

        foreach (Parameter parameter in network.Parameters)
            Assert.Equal(network.Read(parameter), back.Read(back.Find(parameter.Name)));
    }

    private static float[] Read(NamedTensor tensor)
    {
        float[] values = new float[tensor.Shape.Aggregate(1, (product, size) => product * size)];
        tensor.ReadInto(values);
        return values;
    }

    private static string Fixture(string name) => Repository.File("tests", "AlexNetSharp.Interop.Tests", "PyTorch", "Fixtures", name);

    private static void AssertLogits(double[][] expected, Network network)
    {
        using ThreadTeam team = new(1);
        using ExecutionPlan plan = new(network, expected.Length, PlanMode.Inference, team);
        (int height, int width, int channels) = network.Spec.Input;
        Span<float> input = plan.Input(expected.Length);
        for (int n = 0; n < expected.Length; n++)
            for (int c = 0; c < channels; c++)
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        input[(((((n * height) + y) * width) + x) * channels) + c] = ((((((c * height) + y) * width) + x) * 37) + (n * 101)) % 256 / 255f;
        ReadOnlySpan<float> found = plan.Forward(expected.Length);
        double[] all = [.. expected.SelectMany(row => row)];
        double largest = all.Max(Math.Abs);
        for (int i = 0; i < all.Length; i++)
            Assert.InRange(Math.Abs(found[i] - all[i]) / largest, 0, Tolerance);
    }
}
