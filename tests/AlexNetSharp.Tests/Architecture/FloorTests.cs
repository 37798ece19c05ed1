using System.Text.RegularExpressions;
using System.Xml.Linq;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Architecture;

/// <summary>Imports go down the floors only, between projects and between the folders of the library.</summary>
public sealed partial class FloorTests
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new()
    {
        ["AlexNetSharp.Kernels"] = [],
        ["AlexNetSharp"] = ["AlexNetSharp.Kernels"],
        ["AlexNetSharp.Data"] = ["AlexNetSharp.Kernels", "AlexNetSharp"],
        ["AlexNetSharp.Runs"] = ["AlexNetSharp.Kernels", "AlexNetSharp", "AlexNetSharp.Data"],
        ["AlexNetSharp.Interop"] = ["AlexNetSharp.Kernels", "AlexNetSharp"],
        ["AlexNetSharp.Distributed"] = ["AlexNetSharp.Kernels", "AlexNetSharp"],
        ["AlexNetSharp.Cli"] = ["AlexNetSharp.Kernels", "AlexNetSharp", "AlexNetSharp.Data", "AlexNetSharp.Runs", "AlexNetSharp.Interop", "AlexNetSharp.Distributed", "AlexNetSharp.Server"],
        ["AlexNetSharp.Server"] = ["AlexNetSharp.Kernels", "AlexNetSharp", "AlexNetSharp.Data", "AlexNetSharp.Runs", "AlexNetSharp.Interop", "AlexNetSharp.Distributed"],
    };

    // Floors 3 and 4 that are not listed may depend on what they need.
    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["AlexNetSharp.Kernels"] = [],
        ["AlexNetSharp"] = [],
        ["AlexNetSharp.Data"] = ["SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"],
    };

    private static readonly Dictionary<string, string[]> AllowedFolders = new()
    {
        ["Tensors"] = [],
        ["Models"] = ["Tensors"],
        ["Images"] = [],
        ["Augmentation"] = ["Models", "Images"],
        ["Execution"] = ["Tensors", "Models"],
        ["Checkpoints"] = ["Tensors", "Models", "Execution"],
        ["Training"] = ["Tensors", "Models", "Images", "Augmentation", "Execution", "Checkpoints"],
        ["Inspection"] = ["Models", "Images", "Execution", "Training"],
    };

    public static IEnumerable<TheoryDataRow<string>> Projects =>
        Directory.GetFiles(Repository.File("src"), "*.csproj", SearchOption.AllDirectories).Order().Select(path => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(path)));

    public static IEnumerable<TheoryDataRow<string>> Folders =>
        Directory.GetDirectories(Repository.File("src", "AlexNetSharp")).Select(path => Path.GetFileName(path)).Where(name => name is not ("bin" or "obj")).Order().Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_GoDownTheFloors(string project)
    {
        Assert.True(AllowedProjects.TryGetValue(project, out string[]? allowed), $"'{project}' stands on no floor: give it one here and in ARCHITECTURE.md.");

        Assert.Empty(References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Packages_AreThoseChosen(string project)
    {
        string[] packages = References(project, "PackageReference");

        if (AllowedPackages.TryGetValue(project, out string[]? allowed))
            Assert.Empty(packages.Except(allowed));
        else
            Assert.All(packages, package => Assert.Contains($"\"{package}\"", File.ReadAllText(Repository.File("Directory.Packages.props"))));
    }

    [Theory]
    [InlineData(typeof(Kernels.Threading.ThreadTeam))]
    [InlineData(typeof(AlexNetSharp.Execution.Network))]
    [InlineData(typeof(Data.DataCatalog))]
    public void Assembly_AsBuilt_ReferencesOnlyWhatItsProjectMay(Type member)
    {
        string name = member.Assembly.GetName().Name!;
        string[] allowed = [.. AllowedProjects[name], .. AllowedPackages[name]];

        Assert.Empty(member.Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).Where(reference => !reference.StartsWith("System.", StringComparison.Ordinal)).Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_OfTheLibrary_UsesOnlyThoseBelow(string folder)
    {
        Assert.True(AllowedFolders.TryGetValue(folder, out string[]? allowed), $"'{folder}' stands on no floor: give it one here and in ARCHITECTURE.md.");
        string[] forbidden = [.. AllowedFolders.Keys.Except(allowed).Except([folder])];
        List<string> found = [];
        foreach (string path in Directory.GetFiles(Repository.File("src", "AlexNetSharp", folder), "*.cs", SearchOption.AllDirectories))
        {
            string source = File.ReadAllText(path);
            Assert.Contains($"namespace AlexNetSharp.{folder};", source);
            found.AddRange(from other in forbidden
                           where Regex.IsMatch(source, $@"\bAlexNetSharp\.{other}\b") || Regex.IsMatch(CommentOrText().Replace(source, ""), $@"(?<![\w.]){other}\.\w")
                           select $"{Path.GetFileName(path)} uses {other}");
        }
        Assert.Empty(found);
    }

    private static string[] References(string project, string kind) =>
        [.. XDocument.Load(Repository.File("src", project, project + ".csproj")).Descendants(kind).Select(element => element.Attribute("Include")!.Value)];

    [GeneratedRegex("""//.*|"[^"\n]*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentOrText();
}
