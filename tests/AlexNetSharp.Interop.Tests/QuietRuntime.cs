using System.Runtime.CompilerServices;
using AlexNetSharp.Benchmarks.Engines;

namespace AlexNetSharp.Interop.Tests;

/// <summary>Starts ONNX Runtime before any test does, with its reports to its maker switched off.</summary>
internal static class QuietRuntime
{
    [ModuleInitializer]
    internal static void Start() => OnnxRuntimeEnvironment.Start();
}
