using System.Reflection;
using System.Runtime.CompilerServices;
using AlexNetSharp.Tests.Support;
using PublicApiGenerator;

namespace AlexNetSharp.Tests.PublicApi;

/// <summary>What others may build upon changes only on purpose: in a commit that shows it.</summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new()
    {
        IncludeAssemblyAttributes = false,
        ExcludeAttributes = [typeof(InternalsVisibleToAttribute).FullName!],
    };

    [Theory]
    [InlineData(typeof(Kernels.Threading.ThreadTeam))]
    [InlineData(typeof(AlexNetSharp.Execution.Network))]
    [InlineData(typeof(Data.DataCatalog))]
    [InlineData(typeof(Runs.RunRecord))]
    [InlineData(typeof(Interop.ModelLoader))]
    [InlineData(typeof(Server.ServerOptions))]
    public void Assembly_PublicMembers_AreThoseApproved(Type member)
    {
        Assembly assembly = member.Assembly;
        string name = assembly.GetName().Name!;
        string approved = Repository.File("tests", "AlexNetSharp.Tests", "PublicApi", $"{name}.approved.txt");
        string expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";

        string actual = assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd() + "\n";

        if (actual == expected)
            return;
        string received = Path.ChangeExtension(approved, null).Replace(".approved", "") + ".received.txt";
        File.WriteAllText(received, actual);
        string[] gone = [.. expected.Split('\n').Except(actual.Split('\n'))], come = [.. actual.Split('\n').Except(expected.Split('\n'))];
        Assert.Fail(
            $"The public members of {name} are not those approved: {gone.Length} lines gone ({gone.FirstOrDefault()?.Trim()}), {come.Length} new ({come.FirstOrDefault()?.Trim()}).\n"
            + $"If that is meant, accept it:\n  cp '{received}' '{approved}'");
    }
}
