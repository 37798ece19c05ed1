using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>ONNX Runtime's process-wide side: as it comes it reports to its maker over the network, from a thread of its own.</summary>
internal static partial class OnnxRuntimeEnvironment
{
    private const string Switch = "ORT_DISABLE_TELEMETRY";

    private static readonly OrtEnv Instance = Create();

    /// <summary>The library's version. Asking for it, or for a session, starts the library with its reports switched off.</summary>
    public static string Version => Instance.GetVersionString();

    /// <summary>Starts the library unless it runs already.</summary>
    public static void Start() => _ = Instance;

    private static OrtEnv Create()
    {
        // Its own variable is the only switch that stops all of it, and must be set before the library starts.
        Environment.SetEnvironmentVariable(Switch, "1");
        // .NET keeps a copy of the environment there; native code looks into the process's own.
        if (!OperatingSystem.IsWindows())
            _ = SetVariable(Switch, "1", overwrite: 1);
        EnvironmentCreationOptions options = new() { logId = nameof(AlexNetSharp), logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        OrtEnv environment = OrtEnv.CreateInstanceWithOptions(ref options);
        environment.DisableTelemetryEvents();
        return environment;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
