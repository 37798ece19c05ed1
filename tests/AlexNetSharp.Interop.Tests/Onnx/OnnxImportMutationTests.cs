using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Interop.Tests.Onnx;

public sealed class OnnxImportMutationTests
{
    private const int Mutations = 4_000;
    private const int Seed = 6;

    // Whatever stands in a file: a network, or one line that says what is wrong.
    [Fact]
    public void Read_MutatedFiles_GiveANetworkOrOneLine()
    {
        byte[][] files = [.. new[] { "Rectangles", "AverageWindows", "PictureLayersAfterFlatten", "LeakyAndClip", "Names" }.SelectMany(Write)];
        Random random = new(Seed);
        int read = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] file = [.. files[i % files.Length]];
            int changes = random.Next(1, 4);
            for (int change = 0; change < changes; change++)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                using Network network = OnnxImport.Read(OnnxGraph.Parse(file, "mutated.onnx"), "mutated", null);
                read++;
            }
            catch (Exception e) when (e is InvalidDataException or InvalidModelException)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        // Most of a file are weights, of which any will do.
        Assert.InRange(read, 1, Mutations - 1);
    }

    private static IEnumerable<byte[]> Write(string name)
    {
        using Network network = TestModels.Random(ExportedModels.Find(name));
        yield return Exported.Write(network, new() { Opset = 17, WithPreprocessing = true });
        yield return Exported.Write(network, new() { Opset = 10, Layout = OnnxPictureLayout.Nhwc, Batch = 2 });
    }
}
