using System.Globalization;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Data.Tests.Documents;

/// <summary>The README's C# does what the README says. Alone, because it works in the current directory and writes to the console.</summary>
[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)]
[Collection(nameof(ReadmeTests))]
public sealed partial class ReadmeTests
{
    // A tenth of an epoch: far from the end of training, far from guessing.
    private const double LeastAccuracyOfShortRun = 85;

    [Fact]
    public void Snippets_InReadme_AreTheCompiledOnes()
    {
        string root = Path.GetFullPath(Path.Combine(Mnist.Directory, "..", ".."));
        string readme = File.ReadAllText(Path.Combine(root, "README.md"));
        string compiled = WithoutIndentation(File.ReadAllText(Path.Combine(root, "tests", "AlexNetSharp.Data.Tests", "Documents", "ReadmeSnippets.cs")));

        string[] snippets = [.. CSharpBlock().Matches(readme).Select(match => WithoutIndentation(match.Groups[1].Value))];

        Assert.Equal(2, snippets.Length);
        Assert.All(snippets, snippet => Assert.Contains(snippet, compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void Snippets_Run_TrainAndReadADigit()
    {
        using TemporaryDirectory directory = new();
        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        try
        {
            using StringWriter output = new(CultureInfo.InvariantCulture);
            Console.SetOut(output);
            Environment.CurrentDirectory = directory.Path;

            ReadmeSnippets.Train();

            Match accuracy = Regex.Match(output.ToString(), @"^accuracy ([\d.]+) %");
            Assert.True(accuracy.Success, output.ToString());
            Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), LeastAccuracyOfShortRun, 100);

            // The first test picture: a seven.
            directory.Write("digit.png", TestPictures.Encode(TestPictures.Enlarge(TestPictures.Grey(Mnist.TestImage(0), 28, 28), 10, TestPictures.Smooth)));
            output.GetStringBuilder().Clear();
            ReadmeSnippets.Predict();
            Assert.Equal("7", output.ToString().Trim());
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }
    }

    private static string WithoutIndentation(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
