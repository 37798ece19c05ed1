using System.Collections.Immutable;

namespace AlexNetSharp.Data;

/// <summary>Where data sets are looked for by name, and where downloaded ones are kept.</summary>
/// <param name="SearchPath">Directories with one folder a set, in the order in which they are looked into.</param>
/// <param name="CacheDirectory">Looked into last, and where downloads go, one folder a set.</param>
public sealed record DataLocations(ImmutableArray<string> SearchPath, string CacheDirectory)
{
    /// <summary>The environment variable that names a directory to look into first.</summary>
    public const string EnvironmentVariable = "ALEXNET_DATA";

    /// <summary>
    /// The places of this machine: <c>$ALEXNET_DATA</c>; <c>data</c> beside or above the program, then beside or above the
    /// current directory; <c>/usr/share/datasets</c>; and as the cache <c>alexnetsharp</c> in <c>$XDG_CACHE_HOME</c>, or in
    /// the local application data where that is not set.
    /// </summary>
    public static DataLocations FromEnvironment()
    {
        List<string> places = [];
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } chosen)
            places.Add(Path.GetFullPath(chosen));
        AddDataDirectories(places, AppContext.BaseDirectory);
        AddDataDirectories(places, Environment.CurrentDirectory);
        if (!OperatingSystem.IsWindows())
            places.Add("/usr/share/datasets");
        return new DataLocations([.. places.Distinct()], Path.Combine(CacheHome(), "alexnetsharp"));
    }

    private static void AddDataDirectories(List<string> places, string start)
    {
        for (DirectoryInfo? directory = new(start); directory is not null; directory = directory.Parent)
            places.Add(Path.Combine(directory.FullName, "data"));
    }

    private static string CacheHome()
    {
        // The XDG specification has relative paths ignored.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home && Path.IsPathFullyQualified(home))
            return home;
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // A service account may have no home at all.
        return local.Length > 0 ? local : Path.GetTempPath();
    }
}
