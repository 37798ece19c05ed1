using System.IO.Compression;
using System.Text;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Tests.PyTorch;

/// <summary>Files of PyTorch that are broken, or that want more than to be read.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string Part = "'archive/data.pkl', offset ";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>What <c>pickle.dumps</c> gives of an object whose <c>__reduce__</c> returns <c>(os.system, ("touch …",))</c>, by protocol 2 and 4.</summary>
    [Theory]
    [InlineData(false, false, "offset 2: opcode GLOBAL: it asks for posix.system;")]
    [InlineData(false, true, "offset 17: opcode STACK_GLOBAL: it asks for posix.system;")]
    [InlineData(true, false, "opcode GLOBAL: it asks for posix.system;")]
    [InlineData(true, true, "opcode STACK_GLOBAL: it asks for posix.system;")]
    public void Load_PickleThatCallsOsSystem_IsRefusedAndNothingRuns(bool legacy, bool newProtocol, string fault)
    {
        string marker = _directory.File("marker");
        byte[] command = Encoding.UTF8.GetBytes($"touch {marker}");
        byte[] pickle = newProtocol
            ? [0x80, 4, 0x8c, 5, .. "posix"u8, 0x8c, 6, .. "system"u8, 0x93, 0x8c, (byte)command.Length, .. command, 0x85, (byte)'R', (byte)'.']
            : [0x80, 2, .. TorchFile.Global("posix", "system"), .. TorchFile.Text($"touch {marker}"), 0x85, (byte)'R', (byte)'.'];
        string path = _directory.Write("evil.pth", legacy ? TorchFile.Legacy(pickle) : TorchFile.WithPickle(pickle));

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => ModelLoader.Load(path));

        Assert.StartsWith($"'{path}'", exception.Message);
        Assert.Contains(fault, exception.Message);
        Assert.Contains("Nothing of the file was executed", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.False(File.Exists(marker));
    }

    public static TheoryData<string, byte[], string> Pickles => new()
    {
        { "no end", [0x80, 2], "2: the pickle ends without STOP" },
        { "eval", [.. TorchFile.Global("builtins", "eval")], "0: opcode GLOBAL: it asks for builtins.eval;" },
        { "a module", [.. TorchFile.Global("torchvision.models.alexnet", "AlexNet")], "0: opcode GLOBAL: it asks for torchvision.models.alexnet.AlexNet;" },
        { "near a known name", [.. TorchFile.Global("torch", "FloatStorage.__init__")], "0: opcode GLOBAL: it asks for torch.FloatStorage.__init__;" },
        { "a storage's lookalike", [.. TorchFile.Global("torch.evil", "FloatStorage")], "it asks for torch.evil.FloatStorage;" },
        { "terminal codes", [(byte)'c', 0x1b, .. "[2Ja\nb\n"u8], "it asks for ?[2Ja.b;" },
        { "instance", "(ios\nsystem\n."u8.ToArray(), "1: opcode INST: no tensor needs it" },
        { "object", "(o."u8.ToArray(), "1: opcode OBJ: no tensor needs it" },
        { "new object", [0x80, 2, .. TorchFile.Global("torch", "Size"), (byte)')', 0x81, (byte)'.'], "opcode NEWOBJ: no tensor needs it" },
        { "extension", [0x82, 1, (byte)'.'], "0: opcode EXT1: no tensor needs it" },
        { "bytes", "C\x1a."u8.ToArray(), "0: opcode SHORT_BINBYTES: no tensor needs it" },
        { "unknown", [0xff], "0: opcode 0xff: no tensor needs it" },
        { "newer protocol", [0x80, 6], "0: opcode PROTO: protocol 6; expected 5 at most" },
        { "empty stack", "."u8.ToArray(), "0: opcode STOP: the stack is empty" },
        { "left over", "NN."u8.ToArray(), "2: opcode STOP: 1 values are left over" },
        { "no mark", "Nt."u8.ToArray(), "1: opcode TUPLE: there is no MARK before it" },
        { "mark as value", "(\x85."u8.ToArray(), "1: opcode" },
        { "unknown memo", [(byte)'h', 7], "0: opcode BINGET: nothing was put under 7" },
        { "huge text", [(byte)'X', 0xff, 0xff, 0xff, 0xff], "0: opcode BINUNICODE: a text of 4294967295 bytes; expected at most 65536" },
        { "cut text", [(byte)'X', 5, 0, 0, 0, 1], "0: opcode BINUNICODE: 5 bytes belong to it, and the pickle ends before" },
        { "call of a text", [.. TorchFile.Text("os.system"), (byte)')', (byte)'R'], "opcode REDUCE: it calls what is no name" },
        { "wrong arguments", [.. TorchFile.Global("torch", "Size"), (byte)')', (byte)'R'], "opcode REDUCE: torch.Size is called with (), which it does not take" },
        { "call of a storage class", [.. TorchFile.Global("torch", "FloatStorage"), (byte)')', (byte)'R'], "opcode REDUCE: torch.FloatStorage is called with ()" },
        { "state of a text", [.. TorchFile.Text("a"), (byte)'N', (byte)'b'], "opcode BUILD: it finds 'a' on the stack; expected a dictionary" },
        { "odd items", "}(Nu."u8.ToArray(), "3: opcode SETITEMS: a key has no value" },
        { "no storage", "NQ."u8.ToArray(), "1: opcode BINPERSID: the persistent id is None" },
        { "a list", "]."u8.ToArray(), "holds a list of 0 and no tensors by name" },
        { "no tensors", TorchFile.Dictionary(("epoch", TorchFile.Number(3))), "holds a dictionary of 'epoch' and no tensors by name" },
        { "twice", TorchFile.Dictionary(("a", Good()), ("a", Good())), "holds the tensor 'a' twice; expected once" },
        { "beyond the storage", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 12, 1, [3, 4], [4, 1]))), "a tensor of shape [3,4], strides [4,1] and offset 1 reaches beyond storage '0' of 12 values" },
        { "far beyond", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 12, 0, [2, 2], [int.MaxValue, 1]))), "reaches beyond storage '0' of 12 values" },
        { "before the storage", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 12, -1, [2], [1]))), "and offset -1 reaches beyond storage '0'" },
        { "negative stride", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 12, 4, [2], [-1]))), "a stride is -1; expected a whole number from 0" },
        { "negative size", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 12, 0, [-2], [1]))), "a size is -2; expected a whole number from 0" },
        { "overflow", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 12, 0, [int.MaxValue, int.MaxValue, int.MaxValue], [0, 0, 0]))), "has more values than can be counted" },
        { "sizes without strides", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 12, 0, [2, 2], [1]))), "a tensor has 2 sizes and 1 strides" },
        { "negative storage", TorchFile.Dictionary(("a", TorchFile.Tensor(0, -12, 0, [0], [1]))), "storage '0' has -12 values" },
        { "missing storage", TorchFile.Dictionary(("a", TorchFile.Tensor(1, 12, 0, [2], [1]))), "lacks 'archive/data/1', the storage of a tensor" },
        { "shorter storage", TorchFile.Dictionary(("a", TorchFile.Tensor(0, 13, 0, [13], [1]))), "'archive/data/0' has 48 bytes; expected 52, 13 values of F32" },
        { "doubles", TorchFile.Dictionary(("fc.weight", TorchFile.Tensor(0, 6, 0, [2, 2], [2, 1], "DoubleStorage")), ("fc.bias", TorchFile.Tensor(0, 6, 4, [2], [1], "DoubleStorage"))), "tensor 'fc.weight' has dtype F64; expected F32, F16 or BF16" },
    };

    [Theory]
    [MemberData(nameof(Pickles))]
    public void Load_PickleThatIsBrokenOrWantsMore_SaysWhatAndWhere(string what, byte[] pickle, string fault) => AssertRefused(what, TorchFile.WithPickle(pickle), fault);

    [Fact]
    public void Load_MoreInstructionsThanTensorsNeed_IsRefused() =>
        AssertRefused("instructions", TorchFile.WithPickle([.. Enumerable.Repeat((byte)']', 1_000_001)]), $"{Part}999999: opcode EMPTY_LIST: the pickle has more than 1000000 instructions");

    [Fact]
    public void Load_DictionaryWithinItself_IsRefused() =>
        // A dictionary that is put into itself as 'model'.
        AssertRefused("circle", TorchFile.WithPickle([0x80, 2, (byte)'}', (byte)'q', 0, .. TorchFile.Text("model"), (byte)'h', 0, (byte)'s', (byte)'.']), "no tensors by name");

    [Fact]
    public void Load_ZipBomb_IsRefusedBeforeAnythingIsUnpacked() =>
        AssertRefused(
            "bomb", TorchFile.Zip(CompressionLevel.Fastest, ("data.pkl", TorchFile.Dictionary(("a", Good()))), ("data/0", new byte[48]), ("data/1", new byte[(256 << 20) + (4 << 20)])),
            "expected at most", "It is a zip bomb");

    public static TheoryData<string, byte[], string> Archives => new()
    {
        { "cut off", TorchFile.WithPickle(TorchFile.Dictionary(("a", Good())))[..^30], "there is no directory at the end of the zip archive" },
        { "no pickle", TorchFile.Zip(CompressionLevel.NoCompression, ("version", [51])), "is a zip archive with 0 files 'NAME/data.pkl'; expected 1" },
        { "two pickles", TorchFile.Zip(CompressionLevel.NoCompression, ("data.pkl", [1]), ("data.pkl", [2])), "'archive/data.pkl' is there twice; expected once" },
        { "byte order", TorchFile.Zip(CompressionLevel.NoCompression, ("data.pkl", [1]), ("byteorder", "middle"u8.ToArray())), "'archive/byteorder' holds 'middle'; expected little or big" },
        { "text", "PK\x3\x4 is how zip files begin"u8.ToArray(), "there is no directory at the end of the zip archive" },
        { "no magic number", [0x80, 2, (byte)'K', 1, (byte)'.'], "offset 0: a pickle that does not begin with PyTorch's magic number" },
        { "legacy without storages", TorchFile.Legacy(TorchFile.Dictionary(("a", Good()))), "the pickle ends without STOP" },
        { "legacy cut off", [.. TorchFile.Legacy(TorchFile.Dictionary(("a", Good()))), (byte)']', .. TorchFile.Text("0"), (byte)'a', (byte)'.', 12, 0, 0, 0, 0, 0, 0, 0, 1], "storage '0' has 12 values, and 1 bytes follow; expected 12 values of F32" },
        { "legacy with another length", [.. TorchFile.Legacy(TorchFile.Dictionary(("a", Good()))), (byte)']', .. TorchFile.Text("0"), (byte)'a', (byte)'.', 13, .. new byte[100]], "storage '0' has 13 values" },
        { "legacy with another key", [.. TorchFile.Legacy(TorchFile.Dictionary(("a", Good()))), (byte)']', .. TorchFile.Text("1"), (byte)'a', (byte)'.', 12, .. new byte[100]], "no tensor looks into storage '1'" },
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public void Load_BrokenArchive_SaysWhatIsWrongInOneLine(string what, byte[] content, string fault) => AssertRefused(what, content, fault);

    [Fact]
    public void Load_SomethingElseCalledPth_IsRefused() => AssertRefused("text", "hello, world"u8.ToArray(), "offset 0: opcode BINGET: nothing was put under 101");

    private static byte[] Good() => TorchFile.Tensor(0, 12, 0, [3, 4], [4, 1]);

    private void AssertRefused(string what, byte[] content, params string[] faults)
    {
        string path = _directory.Write("broken.pth", content);
        ModelSpec model = new()
        {
            Name = "tiny",
            Input = new FeatureShape(1, 1, 2),
            Classes = ["a", "b"],
            Layers = [new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 2 }],
        };

        Exception exception = Assert.ThrowsAny<Exception>(() => ModelLoader.Load(path, model));

        Assert.True(exception is InvalidDataException, $"{what}: {exception}");
        Assert.StartsWith($"'{path}'", exception.Message);
        Assert.All(faults, fault => Assert.Contains(fault, exception.Message));
        Assert.DoesNotContain('\n', exception.Message);
    }
}
