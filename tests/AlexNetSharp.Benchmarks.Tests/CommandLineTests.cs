using System.Text.Json;

namespace AlexNetSharp.Benchmarks.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("There is no command or option 'pears'", "pears")]
    [InlineData("'--modl'", "peers", "--modl", "alexnet-mnist")]
    [InlineData("'resnet'; alexnet-mnist or alexnet-owt or all is expected", "peers", "--model", "resnet")]
    [InlineData("'0'; a whole number from 1", "peers", "--rounds", "0")]
    [InlineData("'999'; a whole number from 1 to 256", "peers", "--threads", "999")]
    [InlineData("No benchmark matches 'NoSuchKernel'", "kernels", "--filter", "NoSuchKernel")]
    public void Run_CommandLineThatIsWrong_GivesOneLineAndUsage(string expected, params string[] arguments)
    {
        (int exitCode, _, string error) = BenchCommand.Run(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(expected, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Peers_FolderThatCannotBeMade_GivesOneLineAndFails()
    {
        string file = Path.GetTempFileName();
        try
        {
            (int exitCode, _, string error) = BenchCommand.Run("peers", "--out", file);

            Assert.Equal(1, exitCode);
            Assert.Contains(file, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Peers_OneWorkload_PrintsAndWritesEveryFigure()
    {
        DirectoryInfo home = Directory.CreateTempSubdirectory(), folder = home.CreateSubdirectory("results");
        try
        {
            (int exitCode, string output, string error) = BenchCommand.RunAtHome(
                home.FullName, "peers", "--model", "alexnet-mnist", "--mode", "infer", "--batch", "1", "--threads", "1", "--rounds", "2", "--seconds", "0.02",
                "--json", "--out", folder.FullName);

            // libtorch is in no build that tests run on: one line says so, and the others are measured.
            Assert.Contains("libtorch", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.Equal(0, exitCode);
            JsonElement result = JsonDocument.Parse(output).RootElement, workload = Assert.Single(result.GetProperty("workloads").EnumerateArray());
            Assert.Equal("alexnet-mnist", workload.GetProperty("model").GetString());
            Assert.Equal(1, workload.GetProperty("threads").GetInt32());
            Assert.Equal(["AlexNetSharp", "ONNX Runtime"], workload.GetProperty("engines").EnumerateArray().Select(engine => engine.GetProperty("engine").GetString()));
            JsonElement peer = workload.GetProperty("engines")[1];
            foreach (string figure in new[] { "images_per_s", "step_ms", "ratio", "share_of_peak", "share_of_copy" })
                Assert.True(peer.GetProperty(figure).GetProperty("median").GetDouble() > 0, figure);
            Assert.Equal(output.Trim(), File.ReadAllText(Path.Combine(folder.FullName, "peers.json")).Trim());
            // ONNX Runtime would keep what it reports to its maker below the home.
            Assert.Equal([folder.FullName], home.GetFileSystemInfos().Select(entry => entry.FullName));
            Assert.Contains("| ONNX Runtime |", File.ReadAllText(Path.Combine(folder.FullName, "peers.md")), StringComparison.Ordinal);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
