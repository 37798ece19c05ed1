namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Dropout for inference: the identity.</summary>
internal static class DropoutOperator
{
    /// <summary>The input, and the mask: everything is kept. Before operator set 10 the mask has the input's type, from then on it is bool.</summary>
    public static void Dropout(OnnxCall call)
    {
        OnnxTensor x = call.FloatInput(0);
        if (call.Optional(2) is { } training)
        {
            if (training.ElementType != OnnxElementType.Bool || training.Count != 1 || !training.HasData)
                throw call.Error($"training_mode is {training}; one bool that does not depend on the graph's inputs was expected.");
            if (training.ToIntegers()[0] != 0)
                throw call.Error("training_mode is true; only inference is read. Export the model in evaluation mode.");
        }
        call.Return(x);
        if (call.Node.Outputs.Count > 1 && call.Node.Outputs[1].Length > 0)
        {
            OnnxElementType maskType = call.Opset >= 10 ? OnnxElementType.Bool : x.ElementType;
            call.ReturnDoubles(maskType, [.. x.Dims], 0, dims => [.. Enumerable.Repeat(1.0, OnnxShape.Count(dims))], index: 1);
        }
    }
}
