using System.Collections.Immutable;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Tests;

/// <summary>Weights under others' names.</summary>
public sealed class ModelLoaderTests : IDisposable
{
    private static readonly string[] _torchvision =
        ["features.0", "features.3", "features.6", "features.8", "features.10", "classifier.1", "classifier.4", "classifier.6"];

    private static readonly ModelSpec _owt = ModelCatalog.AlexNetOwt(["a", "b", "c"], width: 32);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_OurFile_NeedsNoModel()
    {
        using Network network = Random(_owt);
        string path = _directory.File("model.safetensors");
        ModelFile.Save(network, path);

        using Network back = ModelLoader.Load(path);

        Assert.Equal(network.Spec.ToJson(), back.Spec.ToJson());
        AssertSame(network, back);
    }

    /// <summary>Names that torchvision, Caffe, training scripts and nobody in particular give to the same eight layers.</summary>
    [Theory]
    [InlineData("features.{0,3,6,8,10} classifier.{1,4,6}", "")]
    [InlineData("features.{0,3,6,8,10} classifier.{1,4,6}", "module.")]
    [InlineData("features.{0,3,6,8,10} classifier.{1,4,6}", "model._orig_mod.")]
    [InlineData("features.{0,4,8,10,12} classifier.{0,3,6}", "")]
    [InlineData("conv{1,2,3,4,5} fc{1,2,3}", "")]
    [InlineData("conv{1,2,3,4,5} fc{6,7,8}", "backbone.")]
    [InlineData("stem.{2,9,11,40,100} head.{0,1,12}", "")]
    public void Load_OthersNames_FindsEveryLayer(string names, string prefix)
    {
        using Network network = Random(_owt);
        string path = WriteForeign(network, [.. Expand(names).Select(name => prefix + name)]);

        using Network back = ModelLoader.Load(path, _owt);

        Assert.Equal(["a", "b", "c"], back.Spec.Classes);
        AssertSame(network, back);
    }

    [Fact]
    public void Load_AnotherNumberOfClasses_TakesTheFiles()
    {
        using Network network = Random(_owt);

        using Network back = ModelLoader.Load(WriteForeign(network, _torchvision), ModelCatalog.AlexNetOwt([.. Enumerable.Range(0, 1000).Select(i => $"{i}")], width: 32));

        Assert.Equal(["0", "1", "2"], back.Spec.Classes);
        AssertSame(network, back);
    }

    [Fact]
    public void Load_MissingAndLeftOverTensors_ListsThemWithShapes()
    {
        using Network network = Random(_owt);
        string path = WriteForeign(
            network, _torchvision,
            tensors => [.. tensors.Where(tensor => tensor.Name != "features.3.bias"), new SafeTensor("features.1.running_mean", [2], [1, 2])]);

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => ModelLoader.Load(path, _owt));

        Assert.Equal($"'{path}' does not hold the weights of 'alexnet-owt': missing features.3.bias [6]; left over features.1.running_mean [2].", exception.Message);
    }

    [Fact]
    public void Load_WiderModel_SaysWhatIsOfAnotherShape()
    {
        using Network network = Random(_owt);
        string path = WriteForeign(network, _torchvision);

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => ModelLoader.Load(path, ModelCatalog.AlexNetOwt(["a", "b", "c"], width: 16)));

        Assert.Contains("of another shape features.0.weight [2,3,11,11] where conv1.weight [4,3,11,11] is needed, features.0.bias [2] where conv1.bias [4] is needed", exception.Message);
    }

    [Fact]
    public void Load_NoModelNamedAndNoneFits_SaysToNameOne()
    {
        using Network network = Random(_owt);
        string path = WriteForeign(network, _torchvision);

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => ModelLoader.Load(path));

        Assert.Contains("fit none of alexnet-mnist, alexnet-cifar, alexnet-2012, caffenet, alexnet-owt. Say it: alexnet import", exception.Message);
        Assert.Contains("--model", exception.Message);
    }

    /// <summary>Files of zeros with the published sizes; the disk keeps nothing of them.</summary>
    [Theory]
    [InlineData(ModelCatalog.AlexNetOwtName, null)]
    [InlineData(ModelCatalog.AlexNet2012Name, "fit alexnet-2012 and caffenet alike")]
    public void Load_NoModelNamed_IsFoundByNamesAndShapes(string model, string? fault)
    {
        ModelSpec spec = ModelCatalog.Create(model).WithClasses([.. Enumerable.Range(0, 21).Select(i => $"{i}")]);
        string path = _directory.File("zeros.safetensors");
        WriteZeros(spec, _torchvision, path);

        if (fault is not null)
        {
            Assert.Contains(fault, Assert.Throws<InvalidDataException>(() => ModelLoader.Load(path)).Message);
            return;
        }
        using Network network = ModelLoader.Load(path);
        Assert.Equal(model, network.Spec.Name);
        Assert.Equal(21, network.Spec.Classes.Length);
    }

    private static Network Random(ModelSpec spec)
    {
        Network network = new(spec);
        Initializer.Initialize(network, Initialization.StandardNormal, 3);
        return network;
    }

    private static string[] Expand(string names) =>
        [.. names.Split(' ').SelectMany(part => part[(part.IndexOf('{') + 1)..^1].Split(',').Select(number => part[..part.IndexOf('{')] + number))];

    private static void WriteZeros(ModelSpec spec, string[] layers, string path)
    {
        long end = 0;
        List<string> entries = [];
        foreach ((LayerShape layer, int i) in spec.InferShapes().Where(layer => !layer.Parameters.IsEmpty).Select((layer, i) => (layer, i)))
        {
            foreach (ParameterSpec parameter in layer.Parameters)
            {
                long begin = end;
                end += parameter.Length * sizeof(ushort);
                entries.Add($"\"{layers[i]}.{parameter.Name.Split('.')[1]}\":{{\"dtype\":\"BF16\",\"shape\":[{string.Join(',', PyTorchLayout.Shape(parameter))}],\"data_offsets\":[{begin},{end}]}}");
            }
        }
        byte[] header = System.Text.Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        using FileStream stream = File.Create(path);
        stream.Write(BitConverter.GetBytes((long)header.Length));
        stream.Write(header);
        stream.SetLength(stream.Position + end);
    }

    private static void AssertSame(Network expected, Network found)
    {
        foreach (Parameter parameter in expected.Parameters)
            Assert.Equal(expected.Read(parameter), found.Read(found.Find(parameter.Name)));
    }

    // Sorted by name as text, as most writers do it.
    private string WriteForeign(Network network, string[] layers, Func<IEnumerable<SafeTensor>, IEnumerable<SafeTensor>>? change = null)
    {
        List<SafeTensor> tensors = [];
        foreach ((LayerShape layer, int i) in network.Shapes.Where(layer => !layer.Parameters.IsEmpty).Select((layer, i) => (layer, i)))
        {
            foreach (ParameterSpec parameter in layer.Parameters)
            {
                float[] values = PyTorchLayout.ToPyTorch(layer, parameter, network.Read(network.Find(parameter.Name)));
                tensors.Add(new SafeTensor($"{layers[i]}.{parameter.Name.Split('.')[1]}", PyTorchLayout.Shape(parameter), values));
            }
        }
        string path = _directory.File("foreign.safetensors");
        IEnumerable<SafeTensor> changed = change is null ? tensors : change(tensors);
        SafeTensorsWriter.Save(path, new SafeTensorsContent(
            [.. changed.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)], ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("format", "pt")])));
        return path;
    }
}
