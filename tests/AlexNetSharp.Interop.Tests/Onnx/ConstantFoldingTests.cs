using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;

namespace AlexNetSharp.Interop.Tests.Onnx;

public class ConstantFoldingTests
{
    [Fact]
    public void Fold_ConstantNodes_BecomeInitializersAndTheUnusedGo()
    {
        ModelProto model = Nodes.Model(
            [2, 3],
            "y",
            [
                Nodes.Node("Constant", [], "c", ("value", OnnxTensor.FromDoubles(OnnxElementType.Double, [3], [1, 2, 3]))),
                Nodes.Node("Cast", ["c"], "f", ("to", (long)OnnxElementType.Float)),
                Nodes.Node("Mul", ["f", "two"], "scaled"),
                Nodes.Node("Add", ["x", "scaled"], "y"),
                Nodes.Node("Relu", ["x"], "nobody"),
            ],
            ("two", OnnxTensor.Of([], 2f)));

        OnnxGraph folded = ConstantFolding.Fold(Nodes.Read(model));

        Assert.Equal(["Add"], folded.Nodes.Select(n => n.OpType));
        Assert.Equal(["scaled"], folded.Initializers.Keys);
        Assert.Equal([2f, 4f, 6f], folded.Initializers["scaled"].ToFloats());
    }

    [Fact]
    public void Fold_PyTorchsView_ReshapesAnyBatch()
    {
        // x.view(x.size(0), -1) as PyTorch's exporter writes it.
        ModelProto model = Nodes.Model(
            [-1, 2, 3],
            "y",
            [
                Nodes.Node("Relu", ["x"], "r"),
                Nodes.Node("Shape", ["r"], "shape"),
                Nodes.Node("Constant", [], "zero", ("value", OnnxTensor.Of([], 0L))),
                Nodes.Node("Gather", ["shape", "zero"], "size", ("axis", 0L)),
                Nodes.Node("Unsqueeze", ["size", "axes"], "list"),
                Nodes.Node("Concat", ["list", "rest"], "target", ("axis", 0L)),
                Nodes.Node("Reshape", ["r", "target"], "y"),
            ],
            ("axes", OnnxTensor.Of([1], 0L)),
            ("rest", OnnxTensor.Of([1], -1L)));
        OnnxGraph graph = Nodes.Read(model);

        OnnxGraph folded = ConstantFolding.Fold(graph);

        Assert.Equal(["Relu", "Reshape"], folded.Nodes.Select(n => n.OpType));
        Assert.Equal([0L, -1L], folded.Initializers[folded.Nodes[1].Inputs[1]].ToIntegers());
        Dictionary<string, OnnxTensor> inputs = new() { ["x"] = new Draw(1).Floats(4, 2, 3) };
        OnnxTensor expected = new OnnxEvaluator(graph).Run(inputs)["y"];
        OnnxTensor actual = new OnnxEvaluator(folded).Run(inputs)["y"];
        Assert.Equal([4, 6], actual.Dims);
        Assert.Equal(expected.ToFloats(), actual.ToFloats());
    }

    [Fact]
    public void Fold_BatchInTwoPlaces_LeavesTheReshapeAlone()
    {
        // [N, 6] to [1, N, 6]: the batch is no copy of its own place, so it becomes −1.
        ModelProto model = Nodes.Model(
            [-1, 6],
            "y",
            [
                Nodes.Node("Shape", ["x"], "shape"),
                Nodes.Node("Concat", ["one", "shape"], "target", ("axis", 0L)),
                Nodes.Node("Reshape", ["x", "target"], "y"),
            ],
            ("one", OnnxTensor.Of([1], 1L)));

        OnnxGraph folded = ConstantFolding.Fold(Nodes.Read(model));

        Assert.Equal([1L, -1L, 6L], folded.Initializers[Assert.Single(folded.Nodes).Inputs[1]].ToIntegers());
        Assert.Equal([1, 4, 6], new OnnxEvaluator(folded).Run(new Dictionary<string, OnnxTensor> { ["x"] = new Draw(1).Floats(4, 6) })["y"].Dims);
    }

    [Fact]
    public void Infer_Network_GivesTypesAndShapesOfAllValues()
    {
        ModelProto model = Nodes.Model(
            [-1, 3, 9, 9],
            "y",
            [
                Nodes.Node("Conv", ["x", "w"], "c", ("strides", new long[] { 2, 2 })),
                Nodes.Node("MaxPool", ["c"], "p", ("kernel_shape", new long[] { 2, 2 })),
                Nodes.Node("Flatten", ["p"], "y"),
            ],
            ("w", new Draw(1).Floats(4, 3, 3, 3)));

        IReadOnlyDictionary<string, OnnxTensor> values = OnnxShapes.Infer(Nodes.Read(model), batch: 7);

        Assert.Equal("float [7,4,4,4]", values["c"].ToString());
        Assert.Equal("float [7,4,3,3]", values["p"].ToString());
        Assert.Equal("float [7,36]", values["y"].ToString());
        Assert.False(values["y"].HasData);
    }

    [Fact]
    public void Infer_OutputThatIsNotComputed_IsRefusedOnlyWhereItIsNamed()
    {
        NodeProto pool = Nodes.Node("MaxPool", ["x"], "y", ("kernel_shape", new long[] { 1 }));
        pool.Output.Add("");
        ModelProto model = Nodes.Model([1, 1, 4], "y", [pool]);
        Assert.Equal("float [1,1,4]", OnnxShapes.Infer(Nodes.Read(model), 1)["y"].ToString());

        model.Graph.Node[0].Output[1] = "indices";
        string message = Assert.Throws<InvalidDataException>(() => OnnxShapes.Infer(Nodes.Read(model), 1)).Message;
        Assert.Equal("'model.onnx': MaxPool 'y': its output 1, 'indices', is not computed here.", message);
    }

    [Fact]
    public void Infer_FreeDimensionBesideTheBatch_IsRefused()
    {
        string message = Assert.Throws<InvalidDataException>(
            () => OnnxShapes.Infer(Nodes.Read(Nodes.Model([-1, -1], "y", [Nodes.Node("Relu", ["x"], "y")])), 1)).Message;

        Assert.Contains("must have known dimensions, but for the first", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fold_ResultsBeyondTheBudget_AreRefusedBeforeTheyAreMade()
    {
        NodeProto huge = Nodes.Node("ConstantOfShape", ["dims"], "c");
        Assert.Contains("takes 400000000 bytes", Nodes.Refusal(Nodes.Model([1], "c", [huge], ("dims", OnnxTensor.Of([1], 100_000_000L)))), StringComparison.Ordinal);
        Assert.Contains("is too large", Nodes.Refusal(Nodes.Model([1], "c", [huge], ("dims", OnnxTensor.Of([2], 1L << 31, 1L << 31)))), StringComparison.Ordinal);

        NodeProto[] doubling = [.. Enumerable.Range(0, 40).Select(i => Nodes.Node("Concat", [$"v{i}", $"v{i}"], $"v{i + 1}", ("axis", 0L)))];
        Assert.Contains(" are left", Nodes.Refusal(Nodes.Model([1], "v40", doubling, ("v0", OnnxTensor.Of([1], 1f)))), StringComparison.Ordinal);

        NodeProto product = Nodes.Node("MatMul", ["a", "a"], "c");
        Assert.Contains("steps", Nodes.Refusal(Nodes.Model([1], "c", [product], ("a", new Draw(1).Floats(600, 600)))), StringComparison.Ordinal);

        NodeProto empty = Nodes.Node("Concat", [.. Enumerable.Repeat("a", 1000)], "c", ("axis", 1L));
        Assert.Contains("steps", Nodes.Refusal(Nodes.Model([1], "c", [empty], ("a", OnnxTensor.Of([1 << 20, 0], Array.Empty<float>())))), StringComparison.Ordinal);

        NodeProto window = Nodes.Node("MaxPool", ["a"], "c", ("kernel_shape", new long[] { 30000 }), ("pads", new long[] { 20000, 20000 }));
        Assert.Contains("steps", Nodes.Refusal(Nodes.Model([1], "c", [window], ("a", OnnxTensor.Of([1, 1, 2], 1f, 2f)))), StringComparison.Ordinal);
    }
}
