using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using CsCheck;

namespace AlexNetSharp.Interop.Tests.Onnx;

public sealed class OnnxRoundTripTests
{
    private const int Draws = 300;

    private static readonly OnnxExportOptions[] Options =
    [
        OnnxExportOptions.Default,
        new() { Opset = 26, Layout = OnnxPictureLayout.Nhwc, Batch = 2 },
        new() { Opset = 10, WithPreprocessing = true },
        new() { Opset = 14, Layout = OnnxPictureLayout.Nhwc, WithPreprocessing = true },
    ];

    public static TheoryData<string> Models => ExportedModels.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Write_ImportedModel_GivesTheSameBytes(string name)
    {
        using Network network = TestModels.Random(ExportedModels.Find(name));
        foreach (OnnxExportOptions options in Options)
            AssertRoundTrip(network, options);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Read_ExportedModel_HasTheSameLayersWeightsAndClasses(string name)
    {
        using Network network = TestModels.Random(ExportedModels.Find(name));

        using Network back = Exported.Read(Exported.Write(network));

        Assert.Equal(network.Spec.Name, back.Spec.Name);
        Assert.Equal(network.Spec.Input, back.Spec.Input);
        Assert.Equal(network.Spec.Classes, back.Spec.Classes);
        Assert.Equal(network.Parameters.Select(parameter => parameter.Name), back.Parameters.Select(parameter => parameter.Name));
        foreach (Parameter parameter in network.Parameters)
            Assert.Equal(network.Read(parameter), back.Read(back.Find(parameter.Name)));
        // Average pooling to the size that is there already is not written; a Flatten that dense layers need, and the engine does not, is.
        HashSet<string> layers = [.. network.Spec.Layers.Where(layer => layer is not AdaptiveAveragePool2D).Select(layer => layer.Name)];
        Assert.Superset(layers, back.Spec.Layers.Select(layer => layer.Name).ToHashSet());
    }

    [Fact]
    public void Write_DrawnModels_GivesTheSameBytesAfterImport() => Gen.UInt.Sample(
        seed =>
        {
            DrawnModel draw = new(seed);
            using Network network = TestModels.Random(draw.Spec, seed);
            AssertRoundTrip(network, draw.Options);
        },
        iter: Draws, threads: 1);

    private static void AssertRoundTrip(Network network, OnnxExportOptions options)
    {
        byte[] bytes = Exported.Write(network, options);
        using Network back = Exported.Read(bytes);
        Assert.Equal(bytes, Exported.Write(back, options));
        // What comes in of the second file is what came in of the first.
        Assert.Equal(back.Spec.ToJson(), Exported.Read(Exported.Write(back, options)).Spec.ToJson());
    }
}
