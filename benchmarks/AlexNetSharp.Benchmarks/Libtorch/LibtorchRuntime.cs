using System.Runtime.InteropServices;
using TorchSharp;

namespace AlexNetSharp.Benchmarks.Libtorch;

/// <summary>Whether libtorch is here and can be loaded.</summary>
internal static class LibtorchRuntime
{
    /// <summary>The version in use, as this build names it.</summary>
    public static string Version => torch.__version__;

    /// <summary>Loads libtorch.</summary>
    /// <returns>Null when it is loaded, else one line that says why it is not and what to do.</returns>
    public static string? Load()
    {
        const string HowTo = "Run benchmarks/in-newer-root.sh peers (see docs/benchmarks.md).";
        string? library = Find("libtorch_cpu.so"), binding = Find("libLibTorchSharp.so");
        if (library is null || binding is null)
            return $"libtorch is not part of this build (600 MB; -p:Libtorch=true takes it in). {HowTo}";
        try
        {
            // Tried by hand first: TorchSharp, where it fails, copies libraries about and tells of it on standard output.
            NativeLibrary.Load(library);
            NativeLibrary.Load(binding);
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (DllNotFoundException e)
        {
            string reason = e.Message.Contains("GLIBCXX", StringComparison.Ordinal)
                ? "it needs a newer C++ runtime (GLIBCXX_3.4.32) than this system's"
                : e.Message.Split('\n')[0].TrimEnd('.');
            return $"libtorch cannot be loaded here: {reason}. {HowTo}";
        }
    }

    private static string? Find(string name) =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, name, SearchOption.AllDirectories).FirstOrDefault();
}
