using System.Buffers.Binary;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using Google.Protobuf;

namespace AlexNetSharp.Interop.Tests.Onnx;

public sealed class OnnxTensorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("alexnet-onnx-");

    public static TheoryData<int> Types => [.. Enum.GetValues<OnnxElementType>().Select(t => (int)t)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Types))]
    public void Read_TypedField_GivesWhatRawDataGives(int type)
    {
        OnnxTensor expected = new Draw(7).Tensor((OnnxElementType)type, 2, 3);
        TensorProto typed = new() { Name = "t", DataType = type, Dims = { 2, 3 } };
        double[] values = expected.ToDoubles();
        switch ((OnnxElementType)type)
        {
            case OnnxElementType.Float:
                typed.FloatData.AddRange(expected.ToFloats());
                break;
            case OnnxElementType.Double:
                typed.DoubleData.AddRange(values);
                break;
            case OnnxElementType.Int64:
                typed.Int64Data.AddRange(expected.ToIntegers());
                break;
            case OnnxElementType.UInt32 or OnnxElementType.UInt64:
                typed.Uint64Data.AddRange(values.Select(v => (ulong)v));
                break;
            case OnnxElementType.Float16 or OnnxElementType.BFloat16:
                for (int i = 0; i < values.Length; i++)
                    typed.Int32Data.Add(BinaryPrimitives.ReadUInt16LittleEndian(expected.Data.Span[(2 * i)..]));
                break;
            default:
                typed.Int32Data.AddRange(values.Select(v => (int)v));
                break;
        }

        Assert.Equal(values, Read(typed).ToDoubles());
        Assert.Equal(values, Read(Oracle.Proto(expected, "t")).ToDoubles());
    }

    [Fact]
    public void Read_BrokenTensors_AreRefusedWithWhatWasFoundAndExpected()
    {
        (string Reason, TensorProto Proto)[] cases =
        [
            ("element type 8 is not read", new() { DataType = 8 }),
            ("raw_data has 3 bytes; float [2] takes 8", new() { DataType = 1, Dims = { 2 }, RawData = ByteString.CopyFrom(1, 2, 3) }),
            ("float_data has 1 elements; the dimensions [2] need 2", new() { DataType = 1, Dims = { 2 }, FloatData = { 1f } }),
            ("float_data has 0 elements; the dimensions [2] need 2", new() { DataType = 1, Dims = { 2 } }),
            ("it holds int64_data; float stands in raw_data or float_data", new() { DataType = 1, Dims = { 1 }, Int64Data = { 1 } }),
            ("both raw_data and float_data", new() { DataType = 1, Dims = { 1 }, FloatData = { 1f }, RawData = ByteString.CopyFrom(0, 0, 0, 0) }),
            ("int32_data holds 128; -128 to 127", new() { DataType = 3, Dims = { 1 }, Int32Data = { 128 } }),
            ("int32_data holds -1; 0 to 65535", new() { DataType = 10, Dims = { 1 }, Int32Data = { -1 } }),
            ("uint64_data holds 4294967296; 0 to 4294967295", new() { DataType = 12, Dims = { 1 }, Uint64Data = { 1UL << 32 } }),
            ("the dimensions [-1] are negative", new() { DataType = 1, Dims = { -1 } }),
            ("the dimensions [4294967296,4294967296] are", new() { DataType = 1, Dims = { 1L << 32, 1L << 32 } }),
            ("the dimensions [0,2147483647,2147483647] are", new() { DataType = 1, Dims = { 0, int.MaxValue, int.MaxValue } }),
            ("one segment of a larger tensor", new() { DataType = 1, Segment = new() }),
            ("its data_location is 0; 1 was expected", new() { DataType = 1, ExternalData = { new StringStringEntryProto() } }),
        ];

        Assert.All(cases, c =>
        {
            c.Proto.Name = "t";
            string message = Assert.Throws<InvalidDataException>(() => Read(c.Proto)).Message;
            Assert.StartsWith("'model.onnx': initializer 't': ", message, StringComparison.Ordinal);
            Assert.Contains(c.Reason, message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Read_ExternalData_ComesFromTheModelsFolder()
    {
        float[] values = [1, 2, 3, 4];
        byte[] bytes = OnnxTensor.Of([4], values).Data.ToArray();
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "sub"));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "sub", "w.bin"), bytes);

        Assert.Equal(values, Read(External("sub/w.bin", 4)).ToFloats());
        Assert.Equal([3f, 4f], Read(External("./sub/w.bin", 2, offset: "8", length: "8")).ToFloats());

        string model = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(model, Model(External("sub/w.bin", 4)).ToByteArray());
        Assert.Equal(values, OnnxGraph.Load(model).Initializers["t"].ToFloats());
    }

    [Fact]
    public void Read_ExternalDataThatDoNotFit_AreRefused()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "w.bin"), new byte[16]);
        (string Reason, TensorProto Proto)[] cases =
        [
            ("no location is given", External("", 4)),
            ("which is not there", External("other.bin", 4)),
            ("bytes 4 to 20 of 'w.bin', which has 16", External("w.bin", 4, offset: "4")),
            ("bytes 9223372036854775807 to", External("w.bin", 4, offset: "9223372036854775807")),
            ("offset '-4'; a number that is not negative", External("w.bin", 4, offset: "-4")),
            ("are 12 bytes long; its dimensions and type take 16", External("w.bin", 4, length: "12")),
            ("a path inside the model's folder was expected", External("../w.bin", 4)),
            ("a path inside the model's folder was expected", External("sub/../../w.bin", 4)),
            ("a path inside the model's folder was expected", External(Path.Combine(_folder.FullName, "w.bin"), 4)),
            ("a path inside the model's folder was expected", External("C:w.bin", 4)),
        ];

        Assert.All(cases, c => Assert.Contains(c.Reason, Assert.Throws<InvalidDataException>(() => Read(c.Proto)).Message, StringComparison.Ordinal));
        Assert.Contains(
            "came without its folder", Assert.Throws<InvalidDataException>(() => Nodes.Read(Model(External("w.bin", 4)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ExternalDataThroughALink_OnlyInsideTheFolder()
    {
        DirectoryInfo inside = _folder.CreateSubdirectory("inside");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "secret.bin"), new byte[16]);
        File.WriteAllBytes(Path.Combine(inside.FullName, "w.bin"), new byte[16]);
        File.CreateSymbolicLink(Path.Combine(inside.FullName, "out.bin"), Path.Combine(_folder.FullName, "secret.bin"));
        File.CreateSymbolicLink(Path.Combine(inside.FullName, "in.bin"), Path.Combine(inside.FullName, "w.bin"));
        Directory.CreateSymbolicLink(Path.Combine(inside.FullName, "up"), _folder.FullName);

        Assert.Equal(4, Read(External("in.bin", 4), inside.FullName).Count);
        Assert.Contains("leads out", Assert.Throws<InvalidDataException>(() => Read(External("out.bin", 4), inside.FullName)).Message, StringComparison.Ordinal);
        Assert.Contains("leads out", Assert.Throws<InvalidDataException>(() => Read(External("up/secret.bin", 4), inside.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OneRegionManyTimes_TakesNoMoreMemoryThanTheFiles()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "w.bin"), new byte[16]);
        ModelProto shared = Model(External("w.bin", 4));
        TensorProto again = External("w.bin", 4);
        again.Name = "again";
        shared.Graph.Initializer.Add(again);
        Assert.Equal(2, Nodes.Read(shared, _folder.FullName).Initializers.Count);

        TensorProto overlapping = External("w.bin", 3, offset: "4");
        overlapping.Name = "overlapping";
        shared.Graph.Initializer.Add(overlapping);
        Assert.Contains("28 bytes of external data; their files hold 16", Assert.Throws<InvalidDataException>(() => Nodes.Read(shared, _folder.FullName)).Message, StringComparison.Ordinal);
    }

    private static TensorProto External(string location, int count, string? offset = null, string? length = null)
    {
        TensorProto proto = new() { Name = "t", DataType = 1, Dims = { count }, DataLocation = TensorProto.Types.DataLocation.External };
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        if (offset is not null)
            proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        if (length is not null)
            proto.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
        return proto;
    }

    private static ModelProto Model(TensorProto initializer)
    {
        ModelProto model = Nodes.Model([1], "y", [Nodes.Node("Relu", ["x"], "y")]);
        model.Graph.Initializer.Add(initializer);
        return model;
    }

    private OnnxTensor Read(TensorProto proto, string? folder = null) => Nodes.Read(Model(proto), folder ?? _folder.FullName).Initializers["t"];
}
