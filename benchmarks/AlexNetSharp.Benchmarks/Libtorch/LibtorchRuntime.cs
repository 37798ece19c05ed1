using TorchSharp;

namespace AlexNetSharp.Benchmarks.Libtorch;

/// <summary>Whether libtorch is here and can be loaded.</summary>
internal static class LibtorchRuntime
{
    private const string NativeLibrary = "libtorch_cpu.so";

    /// <summary>The version in use, as this build names it.</summary>
    public static string Version => torch.__version__;

    /// <summary>Loads libtorch.</summary>
    /// <returns>Null when it is loaded, else one line that says why it is not and what to do.</returns>
    public static string? Load()
    {
        const string HowTo = "Run benchmarks/in-newer-root.sh peers (see docs/benchmarks.md).";
        if (!Directory.EnumerateFiles(AppContext.BaseDirectory, NativeLibrary, SearchOption.AllDirectories).Any())
            return $"libtorch is not part of this build (600 MB; -p:Libtorch=true takes it in). {HowTo}";
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or NotSupportedException or TypeInitializationException or EntryPointNotFoundException)
        {
            return $"libtorch cannot be loaded here: it needs a newer C++ runtime (GLIBCXX_3.4.32) than Debian 12's. {HowTo}";
        }
    }
}
