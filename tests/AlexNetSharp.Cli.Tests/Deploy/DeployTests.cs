using System.Text.Json;
using System.Text.RegularExpressions;
using AlexNetSharp.Server;
using YamlDotNet.RepresentationModel;

namespace AlexNetSharp.Cli.Tests.Deploy;

/// <summary>What <c>deploy/</c> says is true of the software. No container engine is needed: files are read, commands are compared.</summary>
public sealed partial class DeployTests
{
    private static readonly string[] ServerArguments = ["serve", "--urls"];
    private static readonly TimeSpan LongestRequest = new ServerOptions().BodyTimeout + new ServerOptions().Deadline;
    private static readonly Lazy<string> Help = new(() =>
    {
        CommandResult help = AlexNetCommand.Run("serve", "--help");
        help.AssertDone();
        return help.Output;
    });

    [Fact]
    public void Kubernetes_Documents_AreThoseThatBelongTogether()
    {
        YamlMappingNode[] documents = Kubernetes();

        Assert.Equal(
            ["apps/v1 Deployment", "v1 Service", "policy/v1 PodDisruptionBudget", "autoscaling/v2 HorizontalPodAutoscaler", "networking.k8s.io/v1 NetworkPolicy"],
            documents.Select(document => $"{Text(document, "apiVersion")} {Text(document, "kind")}"));
        string label = Text(Document("Deployment"), "spec", "template", "metadata", "labels", "app.kubernetes.io/name");
        Assert.Equal(label, Text(Document("Deployment"), "spec", "selector", "matchLabels", "app.kubernetes.io/name"));
        Assert.Equal(label, Text(Document("Service"), "spec", "selector", "app.kubernetes.io/name"));
        Assert.Equal(label, Text(Document("PodDisruptionBudget"), "spec", "selector", "matchLabels", "app.kubernetes.io/name"));
        Assert.Equal(label, Text(Document("NetworkPolicy"), "spec", "podSelector", "matchLabels", "app.kubernetes.io/name"));
    }

    [Fact]
    public void Kubernetes_Container_MayDoNothingThatItNeedNot()
    {
        YamlNode pod = Node(Document("Deployment"), "spec", "template", "spec"), container = Container();

        Assert.Equal("true", Text(pod, "securityContext", "runAsNonRoot"));
        Assert.Equal("1654", Text(pod, "securityContext", "runAsUser"));
        Assert.Equal("RuntimeDefault", Text(pod, "securityContext", "seccompProfile", "type"));
        Assert.Equal("false", Text(pod, "automountServiceAccountToken"));
        Assert.Equal("true", Text(container, "securityContext", "readOnlyRootFilesystem"));
        Assert.Equal("false", Text(container, "securityContext", "allowPrivilegeEscalation"));
        Assert.Equal("ALL", Text(Items(container, "securityContext", "capabilities", "drop").Single()));
        Assert.Equal("/tmp", Text(Items(container, "volumeMounts").Single(), "mountPath"));
        Assert.Equal(Text(Items(container, "volumeMounts").Single(), "name"), Text(Items(pod, "volumes").Single(), "name"));
        foreach (string kind in new[] { "requests", "limits" })
        {
            Assert.NotEmpty(Text(container, "resources", kind, "cpu"));
            Assert.NotEmpty(Text(container, "resources", kind, "memory"));
        }
    }

    [Fact]
    public void Kubernetes_ArgumentsAndPorts_AreTheSoftwares()
    {
        YamlNode container = Container();
        string[] arguments = [.. Items(container, "args").Select(item => Text(item))];
        YamlNode port = Items(container, "ports").Single();

        AssertKnown(arguments);
        Assert.Contains($"http://0.0.0.0:{Text(port, "containerPort")}", arguments);
        Assert.Equal(Text(port, "name"), Text(Items(Document("Service"), "spec", "ports").Single(), "targetPort"));
        Assert.Equal(Text(container, "resources", "limits", "cpu"), arguments[Array.IndexOf(arguments, "--threads") + 1]);
        // The drain ends before the pod is killed.
        int grace = int.Parse(Text(Node(Document("Deployment"), "spec", "template", "spec"), "terminationGracePeriodSeconds"));
        int drain = int.Parse(arguments[Array.IndexOf(arguments, "--drain-delay") + 1]);
        Assert.True(TimeSpan.FromSeconds(grace - drain) > LongestRequest);
    }

    [Theory]
    [InlineData("startupProbe", "/v2/health/ready")]
    [InlineData("livenessProbe", "/v2/health/live")]
    [InlineData("readinessProbe", "/v2/health/ready")]
    public void Kubernetes_Probe_AsksTheServersHealth(string probe, string path)
    {
        YamlNode container = Container();

        Assert.Equal(path, Text(container, probe, "httpGet", "path"));
        Assert.Equal(Text(Items(container, "ports").Single(), "name"), Text(container, probe, "httpGet", "port"));
    }

    [Fact]
    public void Kubernetes_Autoscaler_FollowsTheServersQueue()
    {
        YamlMappingNode autoscaler = Document("HorizontalPodAutoscaler");
        YamlNode metric = Items(autoscaler, "spec", "metrics").Single();

        Assert.Equal("Deployment", Text(autoscaler, "spec", "scaleTargetRef", "kind"));
        Assert.Equal(Text(Document("Deployment"), "metadata", "name"), Text(autoscaler, "spec", "scaleTargetRef", "name"));
        Assert.Equal("Pods", Text(metric, "type"));
        Assert.Equal(("AverageValue", "32"), (Text(metric, "pods", "target", "type"), Text(metric, "pods", "target", "averageValue")));
        string name = Text(metric, "pods", "metric", "name");
        Assert.Contains($"CreateObservableGauge(\"{name}\"", File.ReadAllText(InRepository("src", "AlexNetSharp.Server", "Operations", "ServerMetrics.cs")), StringComparison.Ordinal);
        // Else the autoscaler and the deployment would pull at the number in turns.
        Assert.DoesNotContain("replicas", ((YamlMappingNode)Node(Document("Deployment"), "spec")).Children.Keys.Select(key => Text(key)));
    }

    [Fact]
    public void Containerfile_Instructions_BuildWhatIsThereAndRunItAsNobodySpecial()
    {
        string file = File.ReadAllText(InRepository("deploy", "Containerfile"));
        string[] bases = [.. From().Matches(file).Select(match => match.Groups[1].Value)];
        string project = Publish().Match(file).Groups[1].Value;

        Assert.Equal(["mcr.microsoft.com/dotnet/sdk:10.0", "mcr.microsoft.com/dotnet/aspnet:10.0"], bases);
        Assert.True(Directory.Exists(InRepository(project)), project);
        Assert.Equal(["dotnet", "alexnet.dll"], Json(file, "ENTRYPOINT"));
        AssertKnown(Json(file, "CMD"));
        Assert.Contains("\nUSER $APP_UID\n", file, StringComparison.Ordinal);
        Assert.Contains("\nSTOPSIGNAL SIGTERM\n", file, StringComparison.Ordinal);
        Assert.Contains("GET /v2/health/ready HTTP/1.1", Json(file, "    CMD")[2], StringComparison.Ordinal);
        Assert.Contains("http://0.0.0.0:8080", Json(file, "CMD"));
        Assert.Contains("\nEXPOSE 8080\n", file, StringComparison.Ordinal);
        // The last USER before the end: nothing after it becomes root again.
        Assert.Single(Regex.Matches(file, "^USER ", RegexOptions.Multiline));
    }

    [Fact]
    public void DockerIgnore_Patterns_LeaveWhatThePublishedProjectNeeds()
    {
        string[] patterns = [.. File.ReadAllLines(InRepository(".dockerignore")).Where(line => line.Length > 0 && line[0] != '#')];

        Assert.Contains("**/obj", patterns);
        Assert.DoesNotContain(patterns, pattern => pattern is "src" or "data" or "Directory.Build.props" or "Directory.Packages.props" or "global.json");
    }

    [Fact]
    public void SystemdUnit_Settings_AreHardenedAndLetTheJitWork()
    {
        ILookup<string, string> settings = Unit();

        AssertKnown([.. settings["ExecStart"].Single().Split(' ').SkipWhile(word => word != "serve")]);
        Assert.EndsWith("/alexnet.dll", settings["ExecStart"].Single().Split(' ')[1], StringComparison.Ordinal);
        Assert.Equal(("yes", "strict", "yes"), (settings["DynamicUser"].Single(), settings["ProtectSystem"].Single(), settings["NoNewPrivileges"].Single()));
        Assert.Equal(("exec", "on-failure", "SIGTERM"), (settings["Type"].Single(), settings["Restart"].Single(), settings["KillSignal"].Single()));
        Assert.Equal("", settings["CapabilityBoundingSet"].Single());
        Assert.True(TimeSpan.FromSeconds(int.Parse(settings["TimeoutStopSec"].Single())) > LongestRequest);
        Assert.Empty(settings["MemoryDenyWriteExecute"]);
    }

    [Fact]
    public void SystemdUnit_Verified_HasNothingWrong()
    {
        const string Analyze = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(Analyze), "systemd-analyze is not installed.");
        Assert.SkipUnless(File.Exists("/usr/bin/dotnet"), "The unit names /usr/bin/dotnet, which is not there.");

        CommandResult result = AlexNetCommand.Finish(AlexNetCommand.Start(Environment.CurrentDirectory, Analyze, "verify", InRepository("deploy", "alexnet.service")));

        result.AssertDone();
        Assert.DoesNotContain("alexnet.service", result.Error, StringComparison.Ordinal);
    }

    private static void AssertKnown(string[] arguments)
    {
        Assert.Equal(ServerArguments, arguments[..2]);
        Assert.All(arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)), option => Assert.Matches($@"(?m)^\s+{option}\b", Help.Value));
    }

    private static YamlMappingNode[] Kubernetes()
    {
        using StreamReader reader = new(InRepository("deploy", "kubernetes.yaml"));
        YamlStream stream = [];
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    private static YamlMappingNode Document(string kind) => Kubernetes().Single(document => Text(document, "kind") == kind);

    private static YamlNode Container() => Items(Document("Deployment"), "spec", "template", "spec", "containers").Single();

    private static YamlNode Node(YamlNode from, params string[] path) => path.Aggregate(from, (node, name) => node[name]);

    private static IEnumerable<YamlNode> Items(YamlNode from, params string[] path) => (YamlSequenceNode)Node(from, path);

    private static string Text(YamlNode from, params string[] path) => ((YamlScalarNode)Node(from, path)).Value!;

    private static string InRepository(params string[] path) => Path.Combine([AlexNetCommand.RepositoryRoot, .. path]);

    private static string[] Json(string file, string instruction) =>
        JsonSerializer.Deserialize<string[]>(Regex.Match(file, $@"(?m)^{instruction} (\[.*\])$").Groups[1].Value)!;

    private static ILookup<string, string> Unit() => File.ReadLines(InRepository("deploy", "alexnet.service"))
        .Where(line => line.Length > 0 && line[0] is not ('#' or '[')).Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]);

    [GeneratedRegex(@"^FROM (\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"^RUN dotnet publish (\S+) -c Release -o /app", RegexOptions.Multiline)]
    private static partial Regex Publish();
}
