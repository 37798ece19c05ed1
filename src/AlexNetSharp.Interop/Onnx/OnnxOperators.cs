using AlexNetSharp.Interop.Onnx.Operators;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>The operators that are read, each in all its forms from operator set 7 on.</summary>
internal static class OnnxOperators
{
    private static readonly string[] ConvolutionAttributes = ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"];
    private static readonly string[] PoolAttributes = ["auto_pad", "kernel_shape", "pads", "strides"];
    private static readonly string[] GemmAttributes = ["alpha", "beta", "transA", "transB"];
    private static readonly string[] ConstantValues =
        ["value", "value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings", "sparse_value"];

    /// <summary>All forms of all operators. A form holds until the next of the same name.</summary>
    public static IReadOnlyList<OnnxOperator> All { get; } =
    [
        new("Add", 7, (2, 2), [], ArithmeticOperators.Add),
        new("AveragePool", 7, (1, 1), [.. PoolAttributes, "count_include_pad"], PoolingOperators.AveragePool),
        new("AveragePool", 10, (1, 1), [.. PoolAttributes, "count_include_pad", "ceil_mode"], PoolingOperators.AveragePool),
        new("AveragePool", 19, (1, 1), [.. PoolAttributes, "count_include_pad", "ceil_mode", "dilations"], PoolingOperators.AveragePool),
        new("BatchNormalization", 7, (5, 5), ["epsilon", "momentum", "spatial"], NormalizationOperators.BatchNormalization),
        new("BatchNormalization", 9, (5, 5), ["epsilon", "momentum"], NormalizationOperators.BatchNormalization),
        new("BatchNormalization", 14, (5, 5), ["epsilon", "momentum", "training_mode"], NormalizationOperators.BatchNormalization),
        new("Cast", 6, (1, 1), ["to"], CastOperator.Cast),
        new("Cast", 19, (1, 1), ["to", "saturate"], CastOperator.Cast),
        new("Cast", 24, (1, 1), ["to", "saturate", "round_mode"], CastOperator.Cast),
        new("Clip", 6, (1, 1), ["min", "max"], ActivationOperators.ClipByAttributes),
        new("Clip", 11, (1, 3), [], ActivationOperators.ClipByInputs),
        new("Concat", 4, (1, int.MaxValue), ["axis"], JoiningOperators.Concat),
        new("Constant", 1, (0, 0), ["value"], ConstantOperators.Constant),
        new("Constant", 11, (0, 0), ["value", "sparse_value"], ConstantOperators.Constant),
        new("Constant", 12, (0, 0), ConstantValues, ConstantOperators.Constant),
        new("ConstantOfShape", 9, (1, 1), ["value"], ConstantOperators.ConstantOfShape),
        new("Conv", 1, (2, 3), ConvolutionAttributes, ConvolutionOperator.Conv),
        new("Div", 7, (2, 2), [], ArithmeticOperators.Div),
        new("Dropout", 7, (1, 1), ["ratio"], DropoutOperator.Dropout),
        new("Dropout", 12, (1, 3), ["seed"], DropoutOperator.Dropout),
        new("Flatten", 1, (1, 1), ["axis"], ShapeOperators.Flatten),
        new("Gather", 1, (2, 2), ["axis"], JoiningOperators.Gather),
        new("Gemm", 7, (3, 3), GemmAttributes, ProductOperators.Gemm),
        new("Gemm", 11, (2, 3), GemmAttributes, ProductOperators.Gemm),
        new("GlobalAveragePool", 1, (1, 1), [], PoolingOperators.GlobalAveragePool),
        new("Identity", 1, (1, 1), [], ConstantOperators.Identity),
        new("LRN", 1, (1, 1), ["alpha", "beta", "bias", "size"], NormalizationOperators.Lrn),
        new("LeakyRelu", 6, (1, 1), ["alpha"], ActivationOperators.LeakyRelu),
        new("MatMul", 1, (2, 2), [], ProductOperators.MatMul),
        new("MaxPool", 1, (1, 1), PoolAttributes, PoolingOperators.MaxPool),
        new("MaxPool", 8, (1, 1), [.. PoolAttributes, "storage_order"], PoolingOperators.MaxPool),
        new("MaxPool", 10, (1, 1), [.. PoolAttributes, "storage_order", "ceil_mode", "dilations"], PoolingOperators.MaxPool),
        new("Mul", 7, (2, 2), [], ArithmeticOperators.Mul),
        new("Pad", 2, (1, 1), ["mode", "pads", "value"], PadOperator.Pad),
        new("Pad", 11, (2, 3), ["mode"], PadOperator.Pad),
        new("Pad", 18, (2, 4), ["mode"], PadOperator.Pad),
        new("Relu", 6, (1, 1), [], ActivationOperators.Relu),
        new("Reshape", 5, (2, 2), [], ShapeOperators.Reshape),
        new("Reshape", 14, (2, 2), ["allowzero"], ShapeOperators.Reshape),
        new("Shape", 1, (1, 1), [], ShapeOperators.Shape),
        new("Shape", 15, (1, 1), ["start", "end"], ShapeOperators.Shape),
        new("Sigmoid", 6, (1, 1), [], ActivationOperators.Sigmoid),
        new("Softmax", 1, (1, 1), ["axis"], SoftmaxOperator.Softmax),
        new("Squeeze", 1, (1, 1), ["axes"], ShapeOperators.Squeeze),
        new("Squeeze", 13, (1, 2), [], ShapeOperators.Squeeze),
        new("Sub", 7, (2, 2), [], ArithmeticOperators.Sub),
        new("Tanh", 6, (1, 1), [], ActivationOperators.Tanh),
        new("Transpose", 1, (1, 1), ["perm"], ShapeOperators.Transpose),
        new("Unsqueeze", 1, (1, 1), ["axes"], ShapeOperators.Unsqueeze),
        new("Unsqueeze", 13, (2, 2), [], ShapeOperators.Unsqueeze),
    ];

    /// <summary>The names of all operators, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(o => o.Name).Distinct()];

    /// <summary>A sentence that lists them.</summary>
    public static string Supported { get; } = $"Supported operators: {string.Join(", ", Names)}.";

    /// <summary>The form of a node's operator that holds in an operator set.</summary>
    /// <exception cref="InvalidDataException">The operator is not supported, or did not exist yet.</exception>
    public static OnnxOperator Find(OnnxNode node, int opset)
    {
        OnnxOperator[] forms = [.. All.Where(o => o.Name == node.OpType)];
        return forms.LastOrDefault(o => o.Since <= opset) ?? throw node.Error(forms.Length == 0
            ? $"the operator '{node.OpType}' is not supported. {Supported}"
            : $"the operator exists from operator set {forms[0].Since} on; the model uses {opset}.");
    }

    /// <summary>Checks that every operator of a graph is supported, with the inputs and attributes that it has.</summary>
    /// <exception cref="InvalidDataException">One is not; the message names operator and node and lists what is supported.</exception>
    public static void RequireAll(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes)
            Find(node, graph.Opset).Check(node);
    }
}
