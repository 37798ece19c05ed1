namespace AlexNetSharp.Interop.Onnx;

/// <summary>The order in which an ONNX model is given a picture's values.</summary>
public enum OnnxPictureLayout
{
    /// <summary>[N, C, H, W], as PyTorch has it.</summary>
    Nchw,

    /// <summary>[N, H, W, C], as TensorFlow and this engine have it, and as decoded pictures lie in memory.</summary>
    Nhwc,
}
