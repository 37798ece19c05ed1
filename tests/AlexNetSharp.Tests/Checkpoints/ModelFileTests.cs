using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Checkpoints;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Save_Convolution_WritesPyTorchsOihw()
    {
        using Network network = TestModels.Random(TestModels.Find("Groups"));

        (int[] shape, float[] values) = Saved(network).Tensors["conv2.weight"];

        // 9 filters of 3x3 over 6 / 3 channels; OHWI here, OIHW there.
        ReadOnlySpan<float> here = network.Read(network.Find("conv2.weight"));
        Assert.Equal([9, 2, 3, 3], shape);
        for (int o = 0; o < 9; o++)
            for (int i = 0; i < 2; i++)
                for (int y = 0; y < 3; y++)
                    for (int x = 0; x < 3; x++)
                        Assert.Equal(here[(((((o * 3) + y) * 3) + x) * 2) + i], values[(((((o * 2) + i) * 3) + y) * 3) + x]);
    }

    [Fact]
    public void Save_DenseAfterAPicture_CountsItsInputsInChwOrder()
    {
        using Network network = TestModels.Random(TestModels.Narrow);

        (int[] shape, float[] values) = Saved(network).Tensors["fc1.weight"];

        // [4·4·32, 128] in H, W, C order here; [128, 32·4·4] in C, H, W order there.
        const int Side = 4, Channels = 32, Inputs = Side * Side * Channels, Outputs = 128;
        ReadOnlySpan<float> here = network.Read(network.Find("fc1.weight"));
        Assert.Equal([Outputs, Inputs], shape);
        for (int o = 0; o < Outputs; o++)
            for (int c = 0; c < Channels; c++)
                for (int y = 0; y < Side; y++)
                    for (int x = 0; x < Side; x++)
                    {
                        int hwc = (((y * Side) + x) * Channels) + c, chw = (((c * Side) + y) * Side) + x;
                        Assert.Equal(here[(hwc * Outputs) + o], values[(o * Inputs) + chw]);
                    }
    }

    // A large model is written while it is in use: there is no room for it twice.
    [Theory]
    [InlineData(WeightPrecision.Full)]
    [InlineData(WeightPrecision.Half)]
    public void Save_LargeDenseLayer_TakesAFractionOfItsMemory(WeightPrecision precision)
    {
        using Network network = TestModels.Random(TestModels.Model("large", new(8, 8, 64), 1003, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 1003 }));
        long before = GC.GetAllocatedBytesForCurrentThread();

        ModelFile.Save(network, _directory.File("large"), precision);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (long)network.ParameterCount * sizeof(float) / 10);
        using Network back = ModelFile.Load(_directory.File("large"));
        foreach (Parameter parameter in network.Parameters)
            Assert.Equal(network.Read(parameter).Select(value => precision == WeightPrecision.Half ? (float)(Half)value : value), back.Read(back.Find(parameter.Name)));
    }

    [Fact]
    public void Save_DenseBehindADense_IsTransposedOnly()
    {
        using Network network = TestModels.Random(TestModels.Narrow);

        (int[] shape, float[] values) = Saved(network).Tensors["fc3.weight"];

        ReadOnlySpan<float> here = network.Read(network.Find("fc3.weight"));
        Assert.Equal([10, 128], shape);
        for (int o = 0; o < 10; o++)
        {
            for (int i = 0; i < 128; i++)
                Assert.Equal(here[(i * 10) + o], values[(o * 128) + i]);
        }
    }

    [Fact]
    public void Save_AnyNetwork_WritesEveryParameterAndTheModel()
    {
        using Network network = TestModels.Random(TestModels.Narrow);

        (Dictionary<string, (int[] Shape, float[] Values)> tensors, Dictionary<string, string> metadata) = Saved(network);

        Assert.Equal(network.Parameters.Select(parameter => parameter.Name).Order(), tensors.Keys.Order());
        Assert.Equal(network.Read(network.Find("conv1.bias")), tensors["conv1.bias"].Values);
        Assert.Equal(network.Spec.ToJson(), metadata["alexnet.model"]);
    }

    [Theory]
    [MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Load_OfWhatSaveWrote_GivesTheSameBits(string model)
    {
        using Network network = TestModels.Random(TestModels.Find(model));
        // Numbers that a text format would lose.
        network.Storage(network.Parameters[0])[0] = float.NaN;
        network.Storage(network.Parameters[^1])[0] = -0f;
        network.Storage(network.Parameters[^1])[1] = float.Epsilon;
        string path = _directory.File("model.safetensors");
        ModelFile.Save(network, path);

        using Network loaded = ModelFile.Load(path);
        ModelFile.Save(loaded, path + "2");

        Assert.Equal(Bits(network), Bits(loaded));
        Assert.Equal(network.Spec.ToJson(), loaded.Spec.ToJson());
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path + "2"));
    }

    [Fact]
    public void Save_OverAnOlderFile_ReplacesItAndLeavesNothingBehind()
    {
        using Network older = TestModels.Random(TestModels.Narrow), newer = TestModels.Random(TestModels.Find("MlpOnly"));
        string path = _directory.File("model.safetensors");
        ModelFile.Save(older, path);

        ModelFile.Save(newer, path);

        using Network loaded = ModelFile.Load(path);
        Assert.Equal("MlpOnly", loaded.Spec.Name);
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Save_WhereNothingCanBeWritten_LeavesThePreviousFile()
    {
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        string path = _directory.File("model.safetensors");
        ModelFile.Save(network, path);
        byte[] before = File.ReadAllBytes(path);
        // A folder where the temporary file should go: refused to everyone, the administrator included.
        Directory.CreateDirectory(path + ".tmp");
        network.Values.Fill(1);

        Exception? exception = Record.Exception(() => ModelFile.Save(network, path));

        Assert.True(exception is IOException or UnauthorizedAccessException, $"{exception}");
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Save_OnAFullDisk_LeavesThePreviousFileAndNoRest()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("This system has no /dev/full.");
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        string path = _directory.File("model.safetensors");
        ModelFile.Save(network, path);
        byte[] before = File.ReadAllBytes(path);
        File.CreateSymbolicLink(path + ".tmp", "/dev/full");

        Assert.ThrowsAny<IOException>(() => ModelFile.Save(network, path));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Save_IntoAFolderThatIsMissing_SaysSo()
    {
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));

        DirectoryNotFoundException exception = Assert.Throws<DirectoryNotFoundException>(() => ModelFile.Save(network, _directory.File("none/model.safetensors")));

        Assert.Contains("none", exception.Message);
    }

    [Fact]
    public void Load_OfAMissingFile_SaysSo()
    {
        Assert.ThrowsAny<IOException>(() => ModelFile.Load(_directory.File("none")));
    }

    private static int[] Bits(Network network) => [.. network.Values.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private (Dictionary<string, (int[] Shape, float[] Values)> Tensors, Dictionary<string, string> Metadata) Saved(Network network)
    {
        string path = _directory.File("saved.safetensors");
        ModelFile.Save(network, path);
        return SafeTensorsBytes.Parse(File.ReadAllBytes(path));
    }
}
