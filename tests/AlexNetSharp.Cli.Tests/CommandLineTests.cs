namespace AlexNetSharp.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Help_ListsEveryCommand()
    {
        CommandResult result = AlexNetCommand.Run("--help");

        result.AssertDone();
        Assert.All(["train", "eval", "predict", "runs", "data", "summary", "bench"], command => Assert.Contains(command, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Version_PrintsOneLine()
    {
        CommandResult result = AlexNetCommand.Run("--version");

        result.AssertDone();
        Assert.Matches(@"^\d+\.\d+\.\d+", Assert.Single(result.OutputLines));
    }

    [Fact]
    public void UnknownOption_IsAUsageError() => AlexNetCommand.Run("train", "--nonsense").AssertFails(2, "--nonsense", "alexnet train --help");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("help")]
    [InlineData("--nonsense")]
    public void UnknownCommand_IsNamedInAUsageError(string word) => AlexNetCommand.Run(word).AssertFails(2, $"'{word}'", "alexnet --help");

    [Theory]
    [InlineData("eval", "--jsno")]
    [InlineData("eval", "--jsno", "model")]
    [InlineData("predict", "--jsno", "model")]
    [InlineData("predict", "model", "digit.png", "--jsno")]
    [InlineData("summary", "--jsno")]
    [InlineData("bench", "--jsno")]
    [InlineData("runs", "--jsno")]
    [InlineData("train", "--out", "--jsno")]
    [InlineData("train", "--data", "--jsno")]
    public void MistypedOption_IsNoName(params string[] arguments) =>
        AlexNetCommand.Run(arguments).AssertFails(2, "'--jsno'", $"alexnet {arguments[0]} --help");

    [Theory]
    [InlineData("--data", "train", "--data", "")]
    [InlineData("--out", "train", "--out", "")]
    [InlineData("--data", "eval", "model", "--data", "")]
    [InlineData("MODEL", "eval", "")]
    [InlineData("MODEL", "summary", "")]
    [InlineData("IMAGE", "predict", "model", "")]
    [InlineData("DIR", "runs", "")]
    [InlineData("NAME", "runs", "delete", "")]
    public void EmptyName_IsAUsageError(string name, params string[] arguments) => AlexNetCommand.Run(arguments).AssertFails(2, name, "empty");

    [Fact]
    public void NoCommand_IsAUsageError() => AlexNetCommand.Run().AssertFails(2, "alexnet --help");

    [Fact]
    public void VectorWidth_ForcedToNone_IsAUsageError()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The variable is set with env, which Windows does not have.");
        CommandResult result = AlexNetCommand.Finish(AlexNetCommand.Start(
            Environment.CurrentDirectory, "env", "ALEXNET_SIMD=99", "dotnet", Path.Combine(AppContext.BaseDirectory, "alexnet.dll"), "bench"));

        result.AssertFails(2, "ALEXNET_SIMD", "99", "128, 256 or 512");
    }

    [Fact]
    public void Launcher_BuiltBefore_StartsAtOnceFromAnywhereAndPassesTheExitCode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launcher for Windows is alexnet.cmd; this test is of the bash script.");
        string launcher = Path.Combine(AlexNetCommand.RepositoryRoot, "alexnet");
        DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("alexnet-launcher-");
        try
        {
            string link = Path.Combine(elsewhere.FullName, "link");
            File.CreateSymbolicLink(link, launcher);
            // The first start may build.
            AlexNetCommand.Finish(AlexNetCommand.Start(elsewhere.FullName, launcher, "--version")).AssertDone();

            CommandResult again = AlexNetCommand.Finish(AlexNetCommand.Start(elsewhere.FullName, link, "--version"));
            CommandResult failing = AlexNetCommand.Finish(AlexNetCommand.Start(elsewhere.FullName, link, "summary", "nothing"));

            again.AssertDone();
            Assert.Empty(again.ErrorLines);
            failing.AssertFails(1, "nothing");
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }
}
