#!/usr/bin/env dotnet
// The one entry for working on this repository: dotnet run build.cs -- check|test|bench|pack

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;

// What the tests use beyond .NET, by the path that shows it is there. On Debian, as root, it is installed; elsewhere named.
(string Path, string Package, string Purpose)[] systemPackages =
[
    ("/usr/share/datasets/fashion-mnist", "dataset-fashion-mnist", "reading Fashion-MNIST as its distribution has it"),
    ("/usr/bin/chromium", "chromium", "looking at reports in a real browser"),
    ("/usr/share/fonts/truetype/dejavu", "fonts-dejavu-core", "text in plots"),
    ("/usr/lib/python3/dist-packages/numpy", "python3-numpy", "reading our files without our software"),
];

string root = Path.GetDirectoryName(SourcePath())!;
Directory.SetCurrentDirectory(root);
return args switch
{
    ["check"] => Check(),
    ["test"] => Test(),
    ["bench", .. var arguments] => Bench(arguments),
    ["pack"] => Pack(),
    _ => Usage(),
};

static string SourcePath([CallerFilePath] string path = "") => path;

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run build.cs -- COMMAND
          check   build everything (warnings are errors) and verify the formatting
          test    build, install what the tests need (Debian, as root), run all tests
          bench [ARGUMENTS]   run alexnet-bench, by default 'peers --quick': the engine beside its peers on this machine
          pack    make the NuGet packages under artifacts/packages
        """);
    return 2;
}

int Check()
{
    int built = Build();
    return built != 0 ? built : Run("dotnet", "format", "whitespace", "AlexNetSharp.slnx", "--verify-no-changes", "--no-restore");
}

int Test()
{
    InstallSystemPackages();
    int built = Build();
    if (built != 0)
        return built;
    string results = Path.Combine(root, "artifacts", "test-results");
    if (Directory.Exists(results))
        Directory.Delete(results, recursive: true);
    Directory.CreateDirectory(results);
    Tally tally = new();
    foreach (string project in Directory.EnumerateDirectories(Path.Combine(root, "tests"), "*.Tests").Order(StringComparer.Ordinal))
    {
        string name = Path.GetFileName(project), trx = Path.Combine(results, name + ".trx");
        Console.WriteLine($"-- {name}");
        Stopwatch clock = Stopwatch.StartNew();
        int exit = Run("dotnet", Path.Combine(project, "bin", "Release", "net10.0", name + ".dll"), "-noColor", "-noLogo", "-result-trx", trx);
        Console.WriteLine($"-- {name}: {clock.Elapsed.TotalSeconds:F0} s");
        if (!File.Exists(trx))
        {
            Console.Error.WriteLine($"{name} ended with exit code {exit} and left no results.");
            tally.Failed++;
            continue;
        }
        try
        {
            tally.Add(XDocument.Load(trx), exit);
        }
        catch (XmlException e)
        {
            Console.Error.WriteLine($"{name} ended with exit code {exit} and left results that cannot be read: {e.Message}");
            tally.Failed++;
        }
    }
    Console.WriteLine($"{tally.Passed} passed, {tally.Failed} failed, {tally.Skipped} skipped");
    return tally.Failed == 0 && tally.Passed > 0 ? 0 : 1;
}

int Bench(string[] arguments)
{
    const string Project = "benchmarks/AlexNetSharp.Benchmarks";
    int built = Run("dotnet", "build", Project, "-c", "Release", "--nologo", "-v", "quiet", "-clp:NoSummary");
    return built != 0 ? built : Run("dotnet", [$"{Project}/bin/Release/net10.0/alexnet-bench.dll", .. arguments.Length > 0 ? arguments : ["peers", "--quick"]]);
}

int Pack() => Run("dotnet", "pack", "AlexNetSharp.slnx", "-c", "Release", "--nologo", "-o", "artifacts/packages");

int Build() => Run("dotnet", "build", "AlexNetSharp.slnx", "-c", "Release", "--nologo", "-v", "quiet");

void InstallSystemPackages()
{
    var missing = systemPackages.Where(package => !Path.Exists(package.Path)).ToList();
    if (missing.Count == 0)
        return;
    if (File.Exists("/usr/bin/apt-get") && Environment.IsPrivilegedProcess)
    {
        string[] names = [.. missing.Select(package => package.Package)];
        if (Run("apt-get", "update", "-qq") == 0)
            _ = Run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", .. names]);
        missing = [.. missing.Where(package => !Path.Exists(package.Path))];
    }
    foreach (var package in missing)
        Console.WriteLine($"Not installed: {package.Package} (Debian's name), for {package.Purpose}; tests of that are skipped.");
}

int Run(string program, params string[] arguments)
{
    ProcessStartInfo start = new(program, arguments) { WorkingDirectory = root };
    start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
    using Process process = Process.Start(start)!;
    process.WaitForExit();
    return process.ExitCode;
}

internal sealed class Tally
{
    public int Passed { get; set; }

    public int Failed { get; set; }

    public int Skipped { get; set; }

    // A runner that fails without a failed test, in a fixture's clean-up say, counts as a failure too.
    public void Add(XDocument trx, int exitCode)
    {
        int failedBefore = Failed;
        foreach (XElement result in trx.Descendants().Where(element => element.Name.LocalName == "UnitTestResult"))
        {
            switch ((string?)result.Attribute("outcome"))
            {
                case "Passed":
                    Passed++;
                    break;
                case "Failed":
                    Failed++;
                    break;
                default:
                    Skipped++;
                    string? reason = result.Descendants().FirstOrDefault(element => element.Name.LocalName is "Message" or "StdOut")?.Value.Trim();
                    Console.WriteLine($"skipped {(string?)result.Attribute("testName")}: {reason}");
                    break;
            }
        }
        if (exitCode != 0 && Failed == failedBefore)
            Failed++;
    }
}
