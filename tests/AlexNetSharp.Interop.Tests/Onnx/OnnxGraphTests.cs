using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using Google.Protobuf;

namespace AlexNetSharp.Interop.Tests.Onnx;

public class OnnxGraphTests
{
    private static ModelProto Small => Nodes.Model([-1, 3], "y", [Nodes.Node("Add", ["x", "c"], "s"), Nodes.Node("Relu", ["s"], "y")], ("c", OnnxTensor.Of([3], 1f, 2f, 3f)));

    [Fact]
    public void Parse_Model_GivesWhatStandsInIt()
    {
        ModelProto model = Small;
        (model.ProducerName, model.ProducerVersion) = ("test", "2");
        model.MetadataProps.Add(new StringStringEntryProto { Key = "k", Value = "v" });
        model.Graph.Input.Add(Oracle.Value("c", OnnxElementType.Float, [3])); // initializers may stand among the inputs

        OnnxGraph graph = Nodes.Read(model);

        Assert.Equal("test 2", graph.Producer);
        Assert.Equal("v", graph.Metadata["k"]);
        Assert.Equal(13, graph.Opset);
        Assert.Equal("'x' float [N,3]", Assert.Single(graph.Inputs).ToString());
        Assert.Equal("'y' float of any shape", Assert.Single(graph.Outputs).ToString());
        Assert.Equal(["Add 's'", "Relu 'y'"], graph.Nodes.Select(n => n.ToString()));
    }

    [Fact]
    public void Parse_NodesInAnyOrder_AreSorted()
    {
        ModelProto model = Small;
        model.Graph.Node.Add(model.Graph.Node[0].Clone());
        model.Graph.Node.RemoveAt(0);

        Assert.Equal(["Add", "Relu"], Nodes.Read(model).Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void NewestOpset_IsThatOfOnnxRuntime()
    {
        ModelProto model = Small;
        model.Graph.Output[0] = Oracle.Value("y", OnnxElementType.Float, [1, 3]);
        Dictionary<string, OnnxTensor> inputs = new() { ["x"] = OnnxTensor.Of([1, 3], 1f, 2f, 3f) };
        model.OpsetImport[0].Version = OnnxGraph.NewestOpset;
        Assert.Equal([2f, 4f, 6f], Assert.Single(Oracle.Run(model.ToByteArray(), inputs)).ToFloats());

        model.OpsetImport[0].Version++;
        Assert.ThrowsAny<Exception>(() => Oracle.Run(model.ToByteArray(), inputs));
        Assert.Contains($"uses operator set {OnnxGraph.NewestOpset + 1} ", Refusal(_ => { }, model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Parse_OtherOpset_IsRefused(long opset) =>
        Assert.Contains($"uses operator set {opset} of the default domain; 7 to", Refusal(m => m.OpsetImport[0].Version = opset), StringComparison.Ordinal);

    [Fact]
    public void Parse_UnsupportedOperator_IsNamedWithItsNodeAndWhatIsSupported()
    {
        string message = Nodes.Refusal(Nodes.Model([1], "y", [Nodes.Node("NonMaxSuppression", ["x"], "y")]));

        Assert.StartsWith("'model.onnx': NonMaxSuppression 'y': the operator 'NonMaxSuppression' is not supported.", message, StringComparison.Ordinal);
        Assert.Contains("Supported operators: Add, AveragePool,", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_BrokenGraphs_AreRefusedWithTheReason()
    {
        (string Reason, Action<ModelProto> Break)[] cases =
        [
            ("it holds no graph", m => m.Graph = null),
            ("operator set (none)", m => m.OpsetImport.Clear()),
            ("names the operator sets 13 and 14", m => m.OpsetImport.Add(new OperatorSetIdProto { Version = 14 })),
            ("defines the function 'f'", m => m.Functions.Add(new FunctionProto { Name = "f" })),
            ("sparse initializers", m => m.Graph.SparseInitializer.Add(new SparseTensorProto())),
            ("of the domain 'com.microsoft'", m => m.Graph.Node[0].Domain = "com.microsoft"),
            ("names no operator", m => m.Graph.Node[0].OpType = ""),
            ("is made in a circle", m => m.Graph.Node[0].Input[1] = "y"),
            ("its input 'nowhere' is defined nowhere", m => m.Graph.Node[0].Input[1] = "nowhere"),
            ("the value 's' is defined a second time", m => m.Graph.Node[1].Output[0] = "s"),
            ("the value 'x' is defined a second time", m => m.Graph.Node[1].Output[0] = "x"),
            ("the output 'z' is made by no node", m => m.Graph.Output[0].Name = "z"),
            ("the input 'x' has no name or stands there twice", m => m.Graph.Input.Add(m.Graph.Input[0].Clone())),
            ("the initializer 'c' stands there twice", m => m.Graph.Initializer.Add(m.Graph.Initializer[0].Clone())),
            ("input 'x' is no tensor", m => m.Graph.Input[0].Type = null),
            ("has element type 8", m => m.Graph.Input[0].Type.TensorType.ElemType = 8),
            ("has the dimension -2", m => m.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = -2),
            ("attribute 'a' stands there twice", m => m.Graph.Node[0].Attribute.Add([Oracle.Attribute("a", 1L), Oracle.Attribute("a", 1L)])),
            ("attribute 'then_branch' is a graph of its own", m => m.Graph.Node[0].Attribute.Add(
                new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph })),
            ("attribute 'a' refers to a function's attribute", m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "a", RefAttrName = "b" })),
            ("the metadata 'k' stand there twice", m => m.MetadataProps.Add([new StringStringEntryProto { Key = "k" }, new StringStringEntryProto { Key = "k" }])),
        ];

        Assert.All(cases, c =>
        {
            string message = Refusal(c.Break);
            Assert.StartsWith("'model.onnx': ", message, StringComparison.Ordinal);
            Assert.Contains(c.Reason, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        });
    }

    [Fact]
    public void Parse_FileThatWouldFillTheMemory_IsRefusedBeforeItDoes()
    {
        // A million empty nodes: two bytes each.
        byte[] nodes = new byte[2_000_000];
        for (int i = 0; i < nodes.Length; i += 2)
            nodes[i] = 0x0a;
        byte[] file = [0x3a, .. Length(nodes.Length), .. nodes];
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.Throws<InvalidDataException>(() => OnnxGraph.Parse(file, "model.onnx")).Message;

        Assert.Contains("more than 200000 messages", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Parse_AsManyNodesAsAreAllowed_TakesBoundedMemory()
    {
        // Four parts each: the node, its operator, input and output; names as short as they can be, in an order that makes sorting work.
        GraphProto graph = new() { Input = { Oracle.Value("x", OnnxElementType.Float, [1]) }, Output = { Oracle.Value("0", OnnxElementType.Float, [1]) } };
        const int Count = 49_900;
        for (int i = 0; i < Count; i++)
            graph.Node.Add(new NodeProto { OpType = "Relu", Input = { i == Count - 1 ? "x" : $"{i + 1}" }, Output = { $"{i}" } });
        byte[] file = Oracle.Model(graph, 13).ToByteArray();
        long before = GC.GetAllocatedBytesForCurrentThread();

        OnnxGraph folded = ConstantFolding.Fold(OnnxGraph.Parse(file, "model.onnx"));

        Assert.Equal(Count, folded.Nodes.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (256 << 20) + file.Length);
    }

    [Fact]
    public void Parse_NoProtobuf_IsRefused()
    {
        byte[][] files = ["no model"u8.ToArray(), [0x0b], [0x3a, 0x05, 0x0a], [.. Enumerable.Repeat((byte)0xff, 20)]];

        Assert.All(files, file => Assert.Contains(
            "'model.onnx' is no ONNX model", Assert.Throws<InvalidDataException>(() => OnnxGraph.Parse(file, "model.onnx")).Message, StringComparison.Ordinal));
        Assert.Contains("no graph", Assert.Throws<InvalidDataException>(() => OnnxGraph.Parse([], "model.onnx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AnyMutation_IsReadOrRefused()
    {
        ModelProto model = Nodes.Model(
            [-1, 2, 6, 6],
            "y",
            [
                Nodes.Node("Conv", ["x", "w"], "c", ("pads", new long[] { 1, 1, 1, 1 })),
                Nodes.Node("MaxPool", ["c"], "p", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })),
                Nodes.Node("Pad", ["p", "pads"], "q"),
                Nodes.Node("Shape", ["q"], "shape"),
                Nodes.Node("Gather", ["shape", "zero"], "size"),
                Nodes.Node("Concat", ["size", "rest"], "target", ("axis", 0L)),
                Nodes.Node("Reshape", ["q", "target"], "r"),
                Nodes.Node("ConstantOfShape", ["dims"], "filled"),
                Nodes.Node("Gemm", ["r", "filled"], "y", ("transB", 1L)),
            ],
            ("w", new Draw(1).Floats(3, 2, 3, 3)),
            ("pads", OnnxTensor.Of([8], 0L, 0, 0, 0, 0, 0, 1, 1)),
            ("zero", OnnxTensor.Of([1], 0L)),
            ("rest", OnnxTensor.Of([1], -1L)),
            ("dims", OnnxTensor.Of([2], 4L, 48L)));
        byte[] sound = model.ToByteArray();
        Assert.Single(ConstantFolding.Fold(OnnxGraph.Parse(sound, "model.onnx")).Nodes, n => n.OpType == "Reshape");
        Random random = new(1);
        int refused = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] mutated = Mutate(sound, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                OnnxGraph graph = ConstantFolding.Fold(OnnxGraph.Parse(mutated, "model.onnx"));
                if (graph.Inputs.All(OnnxShapes.HasKnownShape))
                    OnnxShapes.Infer(graph, batch: 1);
            }
            catch (InvalidDataException e)
            {
                refused++;
                Assert.DoesNotContain('\n', e.Message);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (256 << 20) + mutated.Length);
        }
        Assert.InRange(refused, 1, 3999);
    }

    private static byte[] Mutate(byte[] sound, Random random)
    {
        byte[] bytes = [.. sound];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]];
                    break;
                default:
                    int length = random.Next(Math.Min(16, bytes.Length - at));
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
            }
            if (bytes.Length == 0)
                return bytes;
        }
        return bytes;
    }

    private static byte[] Length(int length)
    {
        List<byte> bytes = [];
        for (; length >= 0x80; length >>= 7)
            bytes.Add((byte)(length | 0x80));
        return [.. bytes, (byte)length];
    }

    private static string Refusal(Action<ModelProto> breakIt, ModelProto? model = null)
    {
        model ??= Small;
        breakIt(model);
        return Assert.Throws<InvalidDataException>(() => Nodes.Read(model)).Message;
    }
}
