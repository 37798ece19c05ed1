using System.Runtime.InteropServices;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>What a figure was measured on.</summary>
internal static class MachineInfo
{
    /// <summary>The processor's name as its system gives it.</summary>
    public static string Processor()
    {
        const string ProcessorInfo = "/proc/cpuinfo";
        if (File.Exists(ProcessorInfo))
        {
            foreach (string line in File.ReadLines(ProcessorInfo))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal) && line.Split(':', 2) is [_, string name])
                    return name.Trim();
            }
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
