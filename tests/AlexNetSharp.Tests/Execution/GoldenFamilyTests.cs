using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Reference;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Execution;

/// <summary>The AlexNets for ImageNet, of their real geometry, narrow and on small pictures: forward and every gradient against PyTorch in float64.</summary>
public sealed class GoldenFamilyTests
{
    // The same script run in float32 by PyTorch strays by up to 9.2e-7 of the largest value; tests/Golden/README.md. This engine sums in another
    // order, and some convolutions go through Winograd's transforms, which err by up to 7e-6.
    private const double PlanTolerance = 1e-5;

    // The twins compute in float64 from the same float32 constants. Gradients are stored in float32, which rounds by half of 2^-23.
    private const double TwinTolerance = 1e-12;
    private const double TwinStoredTolerance = 7e-8;

    public static TheoryData<string> Networks => [ModelCatalog.AlexNet2012Name, ModelCatalog.CaffeNetName, ModelCatalog.AlexNetOwtName];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Plan_ForwardAndBackward_GivesTheGoldenLogitsAndGradients(string name)
    {
        GoldenCase golden = GoldenFile.Load("alexnet_family", name);
        using ThreadTeam team = new(2);
        using Network network = Golden(golden, name);
        int batch = golden.Get<int>("batch");
        using ExecutionPlan plan = new(network, batch, PlanMode.Training, team);
        Pixels(golden).CopyTo(plan.Input(batch));

        double[] logits = ReferenceNetwork.Widen(plan.Forward(batch));
        plan.Backward(golden.Integers("labels"));

        Report("logits", RelativeError.OfLargest(golden.Array("logits"), logits), PlanTolerance);
        foreach (Parameter parameter in network.Parameters)
            Report(parameter.Name, RelativeError.OfLargest(golden.Array($"gradient.{parameter.Name}"), plan.Gradient(parameter)), PlanTolerance);
    }

    /// <summary>
    /// A plan computes no gradient of its pictures. So the pictures become weights: a convolution before the network turns single pixels, one
    /// in the middle of each tile, in a channel for each tile of each picture, into its filters' taps, and those are the tile.
    /// </summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Plan_PicturesAsWeights_GivesTheGoldenGradientOfTheInput(string name)
    {
        const int tile = 33;
        GoldenCase golden = GoldenFile.Load("alexnet_family", name);
        (int batch, int side) = (golden.Get<int>("batch"), golden.Get<int>("side"));
        int tiles = side / tile, channels = batch * tiles * tiles;
        using ThreadTeam team = new(2);
        using Network plain = Golden(golden, name);
        Convolution2D pictures = new() { Name = "pictures", Filters = 3, Kernel = tile, Padding = Padding.All(tile / 2) };
        using Network network = new(plain.Spec with { Input = new(side, side, channels), Layers = plain.Spec.Layers.Insert(0, pictures) });
        WeightTransfer.Copy(plain, network);
        float[] pixels = Pixels(golden), taps = new float[tile * tile * 3 * channels];
        for (int i = 0; i < pixels.Length; i++)
            taps[Tap(i)] = pixels[i];
        network.Write(network.Find("pictures.weight"), taps);
        using ExecutionPlan plan = new(network, batch, PlanMode.Training, team);
        Span<float> input = plan.Input(batch);
        input.Clear();
        for (int channel = 0; channel < channels; channel++)
        {
            (int rest, int column) = Math.DivRem(channel, tiles);
            (int picture, int row) = Math.DivRem(rest, tiles);
            input[(((((picture * side) + (row * tile) + (tile / 2)) * side) + (column * tile) + (tile / 2)) * channels) + channel] = 1;
        }

        double[] logits = ReferenceNetwork.Widen(plan.Forward(batch));
        plan.Backward(golden.Integers("labels"));

        Report("logits", RelativeError.OfLargest(golden.Array("logits"), logits), PlanTolerance);
        float[] gradient = plan.Gradient(network.Find("pictures.weight"));
        // The file holds that of the last picture.
        int length = side * side * 3;
        float[] dInput = [.. Enumerable.Range((batch - 1) * length, length).Select(i => gradient[Tap(i)])];
        Report("input", RelativeError.OfLargest(golden.Array("dInput"), dInput), PlanTolerance);

        // Where the value i of the pictures [batch, side, side, 3] stands among the filters [3, tile, tile, channels]: a tap before the middle
        // makes a pixel after it.
        int Tap(int i)
        {
            (int position, int color) = Math.DivRem(i, 3);
            (int picture, int inPicture) = Math.DivRem(position, side * side);
            (int y, int x) = Math.DivRem(inPicture, side);
            int channel = (((picture * tiles) + (y / tile)) * tiles) + (x / tile);
            return (((((color * tile) + tile - 1 - (y % tile)) * tile) + tile - 1 - (x % tile)) * channels) + channel;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Twins_Composed_GiveTheGoldenLogitsAndGradients(string name)
    {
        GoldenCase golden = GoldenFile.Load("alexnet_family", name);
        using Network network = Golden(golden, name);
        ReferenceNetwork twins = ReferenceNetwork.Of(network);

        double[] logits = twins.Forward(ReferenceNetwork.Widen(Pixels(golden)), golden.Get<int>("batch"));
        Dictionary<string, double[]> gradients = twins.Backward(golden.Integers("labels"));

        Report("logits", RelativeError.OfLargest(golden.Array("logits"), logits), TwinTolerance);
        foreach ((string parameter, double[] gradient) in gradients)
            Report(parameter, RelativeError.OfLargest(golden.Array($"gradient.{parameter}"), gradient), TwinStoredTolerance);
        double[] dInput = golden.Array("dInput");
        Report("input", RelativeError.OfLargest(dInput, twins.InputGradient[^dInput.Length..]), TwinStoredTolerance);
    }

    private static float[] Pixels(GoldenCase golden)
    {
        float scale = (float)golden.Get<double>("inputScale");
        return Array.ConvertAll(golden.Floats("input"), value => value * scale);
    }

    /// <summary>The catalogue's network as the script has it: narrow, on small pictures, with the script's weights.</summary>
    private static Network Golden(GoldenCase golden, string name)
    {
        ImmutableArray<string> classes = [.. Enumerable.Range(0, golden.Get<int>("classes")).Select(i => $"{i}")];
        (int width, int side, int units) = (golden.Get<int>("width"), golden.Get<int>("side"), golden.Get<int>("units"));
        ModelSpec spec = name switch
        {
            ModelCatalog.AlexNet2012Name => ModelCatalog.AlexNet2012(classes, width),
            ModelCatalog.CaffeNetName => ModelCatalog.CaffeNet(classes, width),
            _ => ModelCatalog.AlexNetOwt(classes, width),
        };
        spec = spec with
        {
            Input = new(side, side, 3),
            Preprocessing = Preprocessing.None,
            Layers = [.. spec.Layers.Select(layer => layer is Dense { Name: "fc1" or "fc2" } dense ? dense with { Units = units } : layer)],
        };
        Network network = new(spec);
        foreach (Parameter parameter in network.Parameters)
        {
            Assert.Equal(golden.Shape(parameter.Name), parameter.Spec.Shape);
            network.Write(parameter, golden.Floats(parameter.Name));
        }
        return network;
    }

    private static void Report(string what, double error, double tolerance)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {error:E1}, allowed {tolerance:E1}");
        Assert.True(error <= tolerance, $"{what}: off by {error:E2}, {tolerance:E1} is allowed.");
    }
}
