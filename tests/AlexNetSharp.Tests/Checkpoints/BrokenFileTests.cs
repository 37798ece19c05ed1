using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using CsCheck;

namespace AlexNetSharp.Tests.Checkpoints;

/// <summary>Nothing in a file is trusted: whatever is wrong, one line says what and where.</summary>
public sealed class BrokenFileTests : IDisposable
{
    private const string Tensor = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";
    private static readonly ModelSpec Model = TestModels.Model("tiny", new FeatureShape(1, 2, 1), 2, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 2 });
    private static readonly string Metadata = $"\"__metadata__\":{{\"alexnet.model\":{JsonSerializer.Serialize(Model.ToJson())}}}";
    private const string Weight = "\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}";
    private const string Bias = "\"fc.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}";
    private static readonly byte[] Good = SafeTensorsBytes.File($"{{{Metadata},{Weight},{Bias}}}", 1, 2, 3, 4, 5, 6);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_TheGoodFile_WorksSoThatTheBrokenOnesMeanSomething()
    {
        using Network network = ModelFile.Load(_directory.Write("good", Good));

        Assert.Equal([1, 3, 2, 4], network.Read(network.Find("fc.weight")));
        Assert.Equal([5, 6], network.Read(network.Find("fc.bias")));
    }

    public static TheoryData<string, byte[], string> BrokenContainers => new()
    {
        { "empty", [], "offset 0: the file has 0 bytes; expected at least 8" },
        { "seven bytes", new byte[7], "offset 0: the file has 7 bytes; expected at least 8" },
        { "length 0", new byte[8], "offset 8: the header begins with nothing; expected '{'" },
        { "huge length", SafeTensorsBytes.WithLength(ulong.MaxValue, Good), "offset 0: the header's length is 18446744073709551615; expected at most 100000000" },
        { "length over the limit", SafeTensorsBytes.WithLength(100_000_001, Good), "offset 0: the header's length is 100000001; expected at most 100000000" },
        { "length beyond the file", SafeTensorsBytes.WithLength(99_999_999, Good), $"offset 0: the header's length is 99999999, but only {Good.Length - 8} bytes follow" },
        { "cut in the header", Good[..40], "but only 32 bytes follow. The file was cut off" },
        { "cut in the data", Good[..^1], "the header describes 24 bytes of data, 23 follow. The file was cut off" },
        { "no data", Good[..^24], "the header describes 24 bytes of data, 0 follow. The file was cut off" },
        { "trailing bytes", [.. Good, 0], "the header describes 24 bytes of data, 25 follow. The file was added to" },
        { "no JSON", SafeTensorsBytes.File("{hello}"), "offset 9: the header is no JSON" },
        { "a zip file", SafeTensorsBytes.File("PK"), "offset 8: the header begins with byte 0x50; expected '{'" },
        { "a list", SafeTensorsBytes.File("[]"), "offset 8: the header begins with byte 0x5b; expected '{'" },
        { "two objects", SafeTensorsBytes.File("{}{}"), "offset 10: the header is no JSON" },
        { "duplicate name", SafeTensorsBytes.File($"{{\"a\":{Tensor},\"a\":{Tensor}}}", 1, 2), "the name 'a' occurs twice in the header; expected once" },
        { "overlap", SafeTensorsBytes.File($"{{\"a\":{Tensor},\"b\":{Tensor.Replace("[0,8]", "[4,12]")}}}", 1, 2, 3), "tensor 'b' begins at 4 of the data; expected 8, where the one before it ends" },
        { "same place", SafeTensorsBytes.File($"{{\"a\":{Tensor},\"b\":{Tensor}}}", 1, 2), "begins at 0 of the data; expected 8, where the one before it ends" },
        { "hole", SafeTensorsBytes.File($"{{\"a\":{Tensor},\"b\":{Tensor.Replace("[0,8]", "[12,20]")}}}", 1, 2, 3, 4, 5), "tensor 'b' begins at 12 of the data; expected 8, where the one before it ends" },
        { "hole at the start", SafeTensorsBytes.File($"{{\"a\":{Tensor.Replace("[0,8]", "[4,12]")}}}", 1, 2, 3), "tensor 'a' begins at 4 of the data; expected 0" },
        { "metadata no object", SafeTensorsBytes.File("{\"__metadata__\":[]}"), "offset 24: the metadata is a list; expected an object of texts" },
        { "metadata no text", SafeTensorsBytes.File("{\"__metadata__\":{\"a\":1}}"), "offset 29: metadata 'a' is 1; expected text" },
        { "metadata twice", SafeTensorsBytes.File("{\"__metadata__\":{\"a\":\"b\",\"a\":\"b\"}}"), "the key 'a' occurs twice in the metadata; expected once" },
        { "two metadata", SafeTensorsBytes.File("{\"__metadata__\":{},\"__metadata__\":{}}"), "the name '__metadata__' occurs twice in the header; expected once" },
        { "metadata null", SafeTensorsBytes.File("{\"__metadata__\":{\"a\":null}}"), "metadata 'a' is null; expected text" },
        { "no UTF-8", SafeTensorsBytes.Raw([.. "{\""u8, 0xff, 0xfe, .. "\":{}}"u8]), "offset 9: the header holds text that is no UTF-8" },
        { "half a surrogate pair", SafeTensorsBytes.File("{\"\\ud800\":{}}"), "offset 9: the header holds text that is no UTF-8" },
        { "too deep", SafeTensorsBytes.File($"{{\"a\":{new string('[', 5000)}{new string(']', 5000)}}}"), "offset 13: tensor 'a' is a list; expected an object of dtype, shape and data_offsets" },
    };

    public static TheoryData<string, string> BrokenTensors => new()
    {
        { "1", "offset 13: tensor 'a' is 1; expected an object of dtype, shape and data_offsets" },
        { "null", "tensor 'a' is null; expected an object" },
        { "{}", "offset 13: tensor 'a' lacks 'dtype'" },
        { Tensor.Replace("F32", "F16"), "tensor 'a' of shape [2] and dtype F16 lies at 0 to 8; expected 4 bytes" },
        { Tensor.Replace("F32", "F4"), "and dtype F4 lies at 0 to 8; expected 1 bytes" },
        { Tensor.Replace("F32", "F4").Replace("[2]", "[3]"), "expected a shape whose bytes can be counted" },
        { Tensor.Replace("F32", "F33"), "offset 22: tensor 'a' has the dtype 'F33'; expected one that the format has (BF16, BOOL, C64, F16, F32," },
        { Tensor.Replace("\"dtype\"", "\"type\""), "tensor 'a' has the key 'type'; expected dtype, shape and data_offsets" },
        { Tensor.Replace("\"dtype\":\"F32\"", "\"dtype\":\"F32\",\"dtype\":\"F32\""), "tensor 'a' has 'dtype' twice; expected once" },
        { Tensor.Replace("\"shape\":[2]", "\"shape\":[2],\"shape\":[2]"), "tensor 'a' has 'shape' twice; expected once" },
        { Tensor.Replace("[2]", $"[{string.Join(',', Enumerable.Repeat(1, 65))}]"), "tensor 'a' has more than 64 dimensions" },
        { Tensor.Replace("\"F32\"", "null"), "the dtype of tensor 'a' is null; expected text" },
        { Tensor.Replace("\"F32\"", "32"), "the dtype of tensor 'a' is 32; expected text" },
        { Tensor.Replace("\"shape\":[2],", ""), "tensor 'a' lacks 'shape'" },
        { Tensor.Replace("[2]", "2"), "the shape of tensor 'a' is 2; expected a list of sizes" },
        { Tensor.Replace("[2]", "[2.5]"), "a size of tensor 'a' is 2.5; expected a whole number" },
        { Tensor.Replace("[2]", "[\"2\"]"), "a size of tensor 'a' is text; expected a whole number" },
        { Tensor.Replace("[2]", "[99999999999]"), "a size of tensor 'a' is 99999999999; expected a whole number" },
        { Tensor.Replace("[2]", "[3]"), "tensor 'a' of shape [3] and dtype F32 lies at 0 to 8; expected 12 bytes" },
        { Tensor.Replace("[2]", "[]"), "tensor 'a' of shape [] and dtype F32 lies at 0 to 8; expected 4 bytes" },
        { Tensor.Replace("[2]", "[-2]"), "a size of tensor 'a' is -2; expected a whole number from 0" },
        { Tensor.Replace("[2]", "[-1,-2]"), "a size of tensor 'a' is -1; expected a whole number from 0" },
        { Tensor.Replace("[2]", "[2147483647,2147483647,2147483647]"), "expected a shape whose bytes can be counted" },
        // 2^31 · 2^31 · 4 = 2^64: wrapped round, it would be 0 bytes.
        { Tensor.Replace("[2]", "[1073741824,1073741824,16]").Replace("[0,8]", "[0,0]"), "expected a shape whose bytes can be counted" },
        { Tensor.Replace("[0,8]", "[0]"), "tensor 'a' has 1 data offsets; expected 2" },
        { Tensor.Replace("[0,8]", "[0,8,8]"), "tensor 'a' has more than 2 data offsets; expected 2" },
        { Tensor.Replace("[0,8]", "8"), "the data_offsets of tensor 'a' is 8; expected a list of two" },
        { Tensor.Replace("[0,8]", "[8,0]"), "tensor 'a' lies at 8 to 0; expected an end that is not before the beginning" },
        { Tensor.Replace("[0,8]", "[-8,0]"), "a data offset of tensor 'a' is -8; expected a whole number from 0" },
        { Tensor.Replace("[0,8]", "[0,1e30]"), "a data offset of tensor 'a' is 1e30; expected a whole number" },
        { Tensor.Replace("[0,8]", "[9223372036854775807,9223372036854775815]"), "a data offset of tensor 'a' is 9223372036854775815" },
        { Tensor.Replace("[2]", "[2147483647]").Replace("[0,8]", "[0,8589934588]"), "the header describes 8589934588 bytes of data, 8 follow" },
        { Tensor.Replace("[2]", "[400000000]").Replace("[0,8]", "[0,1600000000]"), "the header describes 1600000000 bytes of data, 8 follow" },
    };

    public static TheoryData<string, byte[], string> WrongModels => new()
    {
        { "no metadata", SafeTensorsBytes.File($"{{{Weight},{Bias}}}", 1, 2, 3, 4, 5, 6), "is a safetensors file without the metadata 'alexnet.model'" },
        { "missing tensor", SafeTensorsBytes.File($"{{{Metadata},{Weight}}}", 1, 2, 3, 4), "lacks the tensor 'fc.bias' [2] that its model 'tiny' needs" },
        { "missing all", SafeTensorsBytes.File($"{{{Metadata}}}"), "lacks the tensor 'fc.weight' [2,2]" },
        { "extra tensor", SafeTensorsBytes.File($"{{{Metadata},{Weight},{Bias},\"fc.scale\":{Tensor.Replace("[0,8]", "[24,32]")}}}", 1, 2, 3, 4, 5, 6, 7, 8), "holds the tensor 'fc.scale', which its model 'tiny' does not have" },
        { "wrong shape", SafeTensorsBytes.File($"{{{Metadata},{Weight.Replace("[2,2]", "[4,1]")},{Bias}}}", 1, 2, 3, 4, 5, 6), "tensor 'fc.weight' has shape [4,1]; model 'tiny' needs [2,2]" },
        { "wrong rank", SafeTensorsBytes.File($"{{{Metadata},{Weight.Replace("[2,2]", "[4]")},{Bias}}}", 1, 2, 3, 4, 5, 6), "tensor 'fc.weight' has shape [4]; model 'tiny' needs [2,2]" },
    };

    [Theory]
    [MemberData(nameof(BrokenContainers))]
    [MemberData(nameof(WrongModels))]
    public void Load_BrokenFile_SaysWhatIsWrongInOneLine(string what, byte[] content, string fault)
    {
        AssertRefused(what, content, fault);
    }

    [Theory]
    [MemberData(nameof(BrokenTensors))]
    public void Load_BrokenTensor_SaysWhatIsWrongInOneLine(string tensor, string fault)
    {
        AssertRefused(tensor, SafeTensorsBytes.File($"{{\"a\":{tensor}}}", 1, 2), fault);
    }

    [Fact]
    public void Load_ModelTooLargeForTheFile_IsRefusedBeforeItsWeightsAreMade()
    {
        // Four gigabytes of weights in a file of some hundred bytes.
        ModelSpec model = TestModels.Model(
            "huge", new FeatureShape(30_000, 1000, 1), 2, new Flatten { Name = "flat" }, new Dense { Name = "wide", Units = 32 }, new Dense { Name = "fc", Units = 2 });
        string header = $"{{\"__metadata__\":{{\"alexnet.model\":{JsonSerializer.Serialize(model.ToJson())}}},{Weight},{Bias}}}";
        string path = _directory.Write("huge", SafeTensorsBytes.File(header, 1, 2, 3, 4, 5, 6));
        long before = PeakMemory();

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => ModelFile.Load(path));

        Assert.Contains("lacks the tensor 'wide.weight' [32,30000000]", exception.Message);
        Assert.True(PeakMemory() - before < 1L << 30);
    }

    [Fact]
    public void Read_EmptyTensorBesideAFullOne_AcceptsEitherOrder()
    {
        const string Empty = """{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""";

        SafeTensorsContent before = Read($"{{\"e\":{Empty},\"a\":{Tensor}}}"), after = Read($"{{\"a\":{Tensor},\"e\":{Empty}}}");

        Assert.Equal(["e", "a"], before.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["e", "a"], after.Tensors.Select(tensor => tensor.Name));

        SafeTensorsContent Read(string header) => SafeTensorsReader.Read(new MemoryStream(SafeTensorsBytes.File(header, 1, 2)), "memory");
    }

    [Fact]
    public void Write_ShapeOrNameThatDoesNotFit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Write(new SafeTensor("a", [3], [1, 2])));
        Assert.Throws<ArgumentException>(() => Write(new SafeTensor("__metadata__", [1], [1])));
        Assert.Throws<ArgumentException>(() => Write(new SafeTensor("a", [1], [1]), new SafeTensor("a", [1], [1])));

        static void Write(params SafeTensor[] tensors) =>
            SafeTensorsWriter.Write(new MemoryStream(), new SafeTensorsContent([.. tensors], System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty));
    }

    [Fact]
    public void Read_OfWhatWriteWrote_GivesAnyContentBack()
    {
        Gen<SafeTensor> tensor = Gen.Select(Gen.String, Gen.Int[0, 5].Array[0, 4]).Select((name, shape) =>
            new SafeTensor(name, [.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(i => i * 0.7f)]));

        Gen.Select(tensor.Array[0, 5], Gen.Dictionary(Gen.String, Gen.String)).Sample(
            (tensors, metadata) =>
            {
                SafeTensor[] distinct = [.. tensors.Where(t => Valid(t.Name) && t.Name != "__metadata__").DistinctBy(t => t.Name)];
                var texts = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, metadata.Where(pair => Valid(pair.Key) && Valid(pair.Value)));
                using MemoryStream stream = new();
                SafeTensorsWriter.Write(stream, new SafeTensorsContent([.. distinct], texts));
                stream.Position = 0;
                SafeTensorsContent back = SafeTensorsReader.Read(stream, "memory");
                return back.Metadata.SequenceEqual(texts)
                    && back.Tensors.Length == distinct.Length
                    && back.Tensors.All(t => distinct.Single(d => d.Name == t.Name) is { } d && d.Shape.SequenceEqual(t.Shape) && d.Values.SequenceEqual(t.Values));
            },
            iter: 500, threads: 1);

        // Text that is no Unicode cannot be written as JSON.
        static bool Valid(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);
    }

    /// <summary>Bytes of a good file changed, taken away, doubled, or exchanged for those that JSON is made of.</summary>
    [Fact]
    public void Load_AnyMutationOfAGoodFile_WorksOrIsRefusedProperly()
    {
        const string Spice = "{}[]\":,0123456789-.eE \\nulltrue";
        Gen<(int Kind, int At, int With)> change = Gen.Select(Gen.Int[0, 4], Gen.Int[0, Good.Length - 1], Gen.Int[0, 1 << 20]);
        string path = _directory.File("mutated");

        change.Array[1, 4].Sample(
            changes =>
            {
                List<byte> bytes = [.. Good];
                foreach ((int kind, int at, int with) in changes)
                {
                    int place = Math.Min(at, bytes.Count - 1);
                    switch (kind)
                    {
                        case 0:
                            bytes[place] = (byte)with;
                            break;
                        case 1:
                            bytes[place] = (byte)Spice[with % Spice.Length];
                            break;
                        case 2:
                            bytes.Insert(place, (byte)Spice[with % Spice.Length]);
                            break;
                        case 3:
                            bytes.RemoveRange(place, Math.Min(1 + (with % 8), bytes.Count - place - 1));
                            break;
                        default:
                            bytes.InsertRange(place, [.. bytes.Skip(with % bytes.Count).Take(1 + (with % 16))]);
                            break;
                    }
                    // Half of the time the header's length stays right, so that what is inside it gets its turn.
                    if (with % 2 == 0 && place >= 8 && place < Good.Length - 24)
                        bytes[0] = (byte)Math.Max(0, bytes.Count - 8 - 24);
                    if (with % 2 == 0 && bytes.Count > 10)
                        bytes[1] = (byte)((bytes.Count - 8 - 24) >> 8);
                }
                File.WriteAllBytes(path, [.. bytes]);
                AssertLoadsOrIsRefused(path);
            },
            iter: 3000, threads: 1);
    }

    private static long PeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static void AssertLoadsOrIsRefused(string path)
    {
        try
        {
            ModelFile.Load(path).Dispose();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidModelException)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private void AssertRefused(string what, byte[] content, string fault)
    {
        string path = _directory.Write("broken.safetensors", content);

        Exception exception = Assert.ThrowsAny<Exception>(() => ModelFile.Load(path));

        Assert.True(exception is InvalidDataException, $"{what}: {exception}");
        Assert.StartsWith($"'{path}'", exception.Message);
        Assert.Contains(fault, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
