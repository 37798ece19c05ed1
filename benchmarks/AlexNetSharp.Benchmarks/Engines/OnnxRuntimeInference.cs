using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>ONNX Runtime's forward pass on its CPU provider, input and output laid out once.</summary>
internal sealed class OnnxRuntimeInference : IInferenceEngine
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly float[] _logits;
    private readonly OrtValue[] _inputs;
    private readonly OrtValue[] _outputs;

    /// <param name="name">What tables call it.</param>
    /// <param name="network">The layers and weights.</param>
    /// <param name="pixels">[batch, C, H, W].</param>
    /// <param name="batch">Pictures a step.</param>
    /// <param name="threads">Threads in all, the caller's own among them.</param>
    public OnnxRuntimeInference(string name, Network network, float[] pixels, int batch, int threads)
    {
        Name = name;
        OnnxRuntimeEnvironment.Start();
        using SessionOptions options = new()
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using MemoryStream model = new();
        // An engine that knows the batch may plan its memory ahead.
        OnnxExport.Write(network, model, new OnnxExportOptions { Batch = batch });
        _session = new InferenceSession(model.ToArray(), options);
        var (height, width, channels) = network.Spec.Input;
        int classes = network.Spec.Classes.Length;
        _logits = new float[batch * classes];
        _inputs = [OrtValue.CreateTensorValueFromMemory(pixels, [batch, channels, height, width])];
        _outputs = [OrtValue.CreateTensorValueFromMemory(_logits, [batch, classes])];
    }

    public string Name { get; }

    public void Step() => _session.Run(_run, [OnnxExport.InputName], _inputs, [OnnxExport.LogitsName], _outputs);

    public float[] Logits()
    {
        Step();
        return [.. _logits];
    }

    public void Dispose()
    {
        _inputs[0].Dispose();
        _outputs[0].Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}
