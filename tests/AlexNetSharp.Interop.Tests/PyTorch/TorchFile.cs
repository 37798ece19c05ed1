using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Tests.PyTorch;

/// <summary>Writes what <c>torch.save</c> would, and what it never would, from the formats' descriptions.</summary>
internal static class TorchFile
{
    /// <summary>A network's weights as PyTorch saves a state_dict.</summary>
    public static void Save(Network network, string path, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        List<(string, int[], float[])> tensors = [];
        foreach (LayerShape layer in network.Shapes)
        {
            foreach (ParameterSpec parameter in layer.Parameters)
                tensors.Add((parameter.Name, [.. PyTorchLayout.Shape(parameter)], PyTorchLayout.ToPyTorch(layer, parameter, network.Read(network.Find(parameter.Name)))));
        }
        File.WriteAllBytes(path, Zip(compression, [("data.pkl", StateDict(tensors)), .. tensors.Select((tensor, i) => ($"data/{i}", MemoryMarshal.AsBytes(tensor.Item3.AsSpan()).ToArray()))]));
    }

    /// <summary>A zip archive of files in the folder <c>archive</c>.</summary>
    public static byte[] Zip(CompressionLevel compression, params (string Name, byte[] Content)[] files)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                using Stream entry = zip.CreateEntry($"archive/{name}", compression).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>A zip archive of a pickle and one storage of the values 0, 1, 2, …</summary>
    public static byte[] WithPickle(byte[] pickle, int values = 12) =>
        Zip(CompressionLevel.NoCompression, ("data.pkl", pickle), ("data/0", MemoryMarshal.AsBytes(Enumerable.Range(0, values).Select(i => (float)i).ToArray().AsSpan()).ToArray()));

    /// <summary>The pickles of the format before PyTorch 1.6, the last of them the tensors'.</summary>
    public static byte[] Legacy(byte[] pickle) =>
        [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.', 0x80, 2, (byte)'M', 0xe9, 3, (byte)'.', .. Machine(), .. pickle];

    public static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text), length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [(byte)'X', .. length, .. bytes];
    }

    public static byte[] Number(int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return [(byte)'J', .. bytes];
    }

    public static byte[] Global(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    /// <summary>A tensor's part of a pickle.</summary>
    public static byte[] Tensor(int storage, int length, int offset, int[] shape, int[] strides, string type = "FloatStorage") =>
    [
        .. Global("torch._utils", "_rebuild_tensor_v2"), (byte)'(',
        (byte)'(', .. Text("storage"), .. Global("torch", type), .. Text($"{storage}"), .. Text("cpu"), .. Number(length), (byte)'t', (byte)'Q',
        .. Number(offset), .. Tuple(shape), .. Tuple(strides), 0x89, .. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'t', (byte)'R',
    ];

    /// <summary>A whole pickle of named values.</summary>
    public static byte[] Dictionary(params (string Name, byte[] Value)[] items) =>
        [0x80, 2, .. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'(', .. items.SelectMany(item => (byte[])[.. Text(item.Name), .. item.Value]), (byte)'u', (byte)'.'];

    private static byte[] StateDict(List<(string Name, int[] Shape, float[] Values)> tensors) =>
        Dictionary([.. tensors.Select((tensor, i) => (tensor.Name, Tensor(i, tensor.Values.Length, 0, tensor.Shape, Strides(tensor.Shape))))]);

    private static int[] Strides(int[] shape) => [.. Enumerable.Range(0, shape.Length).Select(i => shape.Skip(i + 1).Aggregate(1, (product, size) => product * size))];

    private static byte[] Tuple(int[] values) => [(byte)'(', .. values.SelectMany(Number), (byte)'t'];

    private static byte[] Machine() => [0x80, 2, (byte)'}', .. Text("little_endian"), 0x88, (byte)'s', (byte)'.'];
}
