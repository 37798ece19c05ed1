using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Networks written as ONNX, read back, and computed by ONNX Runtime and by this engine.</summary>
internal static class Exported
{
    // Two implementations of float32 that add in different orders: a hundred times their rounding, a thousandth of what a wrong layer changes.
    public const double Tolerance = 1e-4;

    public static byte[] Write(Network network, OnnxExportOptions? options = null)
    {
        using MemoryStream stream = new();
        OnnxExport.Write(network, stream, options);
        return stream.ToArray();
    }

    public static Network Read(byte[] bytes) => OnnxImport.Read(OnnxGraph.Parse(bytes, "test.onnx"), "test", notice => Assert.Fail(notice));

    /// <summary>This engine's logits, for values as they lie in pictures: [count, H, W, C].</summary>
    public static float[] Logits(Network network, ReadOnlySpan<float> pictures, int count)
    {
        using ThreadTeam team = new(2);
        using ExecutionPlan plan = new(network, count, PlanMode.Inference, team);
        pictures.CopyTo(plan.Input(count));
        return plan.Forward(count).ToArray();
    }

    public static InferenceSession Session(byte[] model)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 2, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return new InferenceSession(model, options);
    }

    /// <summary>What ONNX Runtime makes of values or bytes in the model's own order.</summary>
    public static float[] Run<T>(InferenceSession session, T[] values, params long[] dims)
        where T : unmanaged
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, dims);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, new Dictionary<string, OrtValue> { [session.InputNames[0]] = input }, session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>What ONNX Runtime makes of pictures, [count, H, W, C].</summary>
    public static float[] Run<T>(InferenceSession session, FeatureShape shape, T[] pictures, int count, OnnxPictureLayout layout)
        where T : unmanaged => layout == OnnxPictureLayout.Nhwc
            ? Run(session, pictures, count, shape.Height, shape.Width, shape.Channels)
            : Run(session, ChannelsFirst(pictures, shape), count, shape.Channels, shape.Height, shape.Width);

    public static T[] ChannelsFirst<T>(T[] pictures, FeatureShape shape)
    {
        T[] result = new T[pictures.Length];
        int positions = shape.Height * shape.Width;
        for (int i = 0; i < pictures.Length; i++)
        {
            int picture = i / shape.Length, within = i % shape.Length;
            result[(picture * shape.Length) + (within % shape.Channels * positions) + (within / shape.Channels)] = pictures[i];
        }
        return result;
    }

    public static void AssertClose(float[] expected, float[] actual, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(Math.Abs), difference = expected.Zip(actual, (x, y) => Math.Abs((double)x - y)).Max();
        Assert.True(difference <= tolerance * largest, $"{difference:E2} of {largest:E2}");
    }

    /// <summary>For each of <paramref name="count"/> pictures, the place of its largest logit.</summary>
    public static int[] Top(float[] logits, int count)
    {
        int classes = logits.Length / count;
        return [.. Enumerable.Range(0, count).Select(i => Array.IndexOf(logits[(i * classes)..((i + 1) * classes)], logits[(i * classes)..((i + 1) * classes)].Max()))];
    }
}
