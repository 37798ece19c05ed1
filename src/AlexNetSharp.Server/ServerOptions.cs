using System.Collections.Immutable;
using System.Net;

namespace AlexNetSharp.Server;

/// <summary>What a server serves, where it listens, and what it allows. Immutable; <see cref="Validate"/> says what makes no sense.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens unless told otherwise: this machine alone can reach it.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The models; empty for <see cref="PretrainedModel"/>.</summary>
    public ImmutableArray<ModelSource> Models { get; init; } = [];

    /// <summary>Addresses to listen at, such as <c>http://127.0.0.1:5080</c>; port 0 takes a free one.</summary>
    public ImmutableArray<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>Threads that compute; 0 for one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Whether nothing can be changed through the server: no training from the page, no model added.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether training from the page is allowed although the server listens beyond loopback.</summary>
    public bool AllowTraining { get; init; }

    /// <summary>Where runs started from the page are kept.</summary>
    public string RunsFolder { get; init; } = "runs";

    /// <summary>Keys of which a request must carry one; empty for none asked for.</summary>
    public ImmutableArray<string> ApiKeys { get; init; } = [];

    /// <summary>Most pictures that are computed together.</summary>
    public int MaximalBatch { get; init; } = 64;

    /// <summary>How long a batch that is not full waits for more pictures; zero takes what is there.</summary>
    public TimeSpan MaximalDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Most pictures that wait for a model; further ones are refused at once.</summary>
    public int QueueCapacity { get; init; } = 512;

    /// <summary>How long a request may wait before its computation begins.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of a request's body, as sent and after decompression.</summary>
    public long MaximalBodyBytes { get; init; } = 16 << 20;

    /// <summary>How long a body may take to arrive.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most pixels of a picture that is sent.</summary>
    public long MaximalPixels { get; init; } = 25_000_000;

    /// <summary>Most pictures in one request.</summary>
    public int MaximalPictures { get; init; } = 256;

    /// <summary>Requests a second that each client is allowed, ten seconds' worth at once; 0 for any number.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>How often the models' files are looked at; zero for never.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that is told to stop still takes requests, while <c>/v2/health/ready</c> says that it is no longer ready.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Whether logs are one JSON object a line, for machines.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>The command that trains, up to the options of <c>train</c>; empty for this very program.</summary>
    internal ImmutableArray<string> TrainingCommand { get; init; } = [];

    /// <summary>Whether it listens on this machine's own addresses alone.</summary>
    public bool ListensOnLoopbackOnly => Urls.All(IsLoopback);

    /// <summary>Whether training may be started from the page.</summary>
    public bool TrainingAllowed => !ReadOnly && (AllowTraining || ListensOnLoopbackOnly);

    /// <summary>Throws where an option makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the option and what it must be.</exception>
    public void Validate()
    {
        foreach (string url in Urls.IsDefaultOrEmpty ? [""] : Urls)
        {
            if (!TryParse(url, out _))
                throw new ArgumentException($"The address '{url}' is none to listen at; http://HOST:PORT is expected, such as {DefaultUrl}. Leave HTTPS to a proxy in front.", nameof(Urls));
        }
        Require(Threads is >= 0 and <= 256, nameof(Threads), Threads, "0 (one a processor) to 256");
        Require(MaximalBatch is >= 1 and <= 4096, nameof(MaximalBatch), MaximalBatch, "1 to 4096");
        Require(QueueCapacity is >= 1 and <= 1_000_000, nameof(QueueCapacity), QueueCapacity, "1 to 1000000");
        Require(MaximalPictures is >= 1 and <= 1_000_000, nameof(MaximalPictures), MaximalPictures, "1 to 1000000");
        Require(MaximalBodyBytes is >= 1024 and <= 1 << 30, nameof(MaximalBodyBytes), MaximalBodyBytes, "1024 to 1073741824 bytes");
        Require(MaximalPixels is >= 1 and <= Data.PictureReader.LargestPixelCount, nameof(MaximalPixels), MaximalPixels, $"1 to {Data.PictureReader.LargestPixelCount}");
        Require(RequestsPerSecond is >= 0 and <= 1_000_000, nameof(RequestsPerSecond), RequestsPerSecond, "0 (any number) to 1000000");
        RequireTime(MaximalDelay, nameof(MaximalDelay), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        RequireTime(Deadline, nameof(Deadline), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        RequireTime(BodyTimeout, nameof(BodyTimeout), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        RequireTime(ReloadInterval, nameof(ReloadInterval), TimeSpan.Zero, TimeSpan.FromDays(1));
        RequireTime(DrainDelay, nameof(DrainDelay), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        foreach (IGrouping<string, ModelSource> same in Models.GroupBy(model => model.Name).Where(group => group.Count() > 1))
            throw new ArgumentException($"The model '{same.Key}' is named {same.Count()} times. Give each a name of its own: NAME=FILE.", nameof(Models));
        if (ApiKeys.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("An API key is empty.", nameof(ApiKeys));
    }

    private static void Require(bool holds, string name, long value, string expected)
    {
        if (!holds)
            throw new ArgumentException($"{name} is {value}; {expected} is expected.", name);
    }

    private static void RequireTime(TimeSpan value, string name, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{name} is {value.TotalMilliseconds} ms; {least.TotalMilliseconds} to {most.TotalMilliseconds} ms is expected.", name);
    }

    private static bool IsLoopback(string url) =>
        TryParse(url, out Uri? parsed) && (parsed.Host == "localhost" || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address)));

    // Kestrel takes * and + for all addresses, which no URI has.
    private static bool TryParse(string url, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? parsed) =>
        Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out parsed)
        && parsed is { Scheme: "http", PathAndQuery: "/" };
}
