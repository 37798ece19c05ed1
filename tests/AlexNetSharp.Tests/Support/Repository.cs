namespace AlexNetSharp.Tests.Support;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    private const string Landmark = "AlexNetSharp.slnx";

    /// <summary>The folder of the solution, found by walking up from where the tests run.</summary>
    public static string Root { get; } = Find();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, Landmark)))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds {Landmark}. Run the tests from a checkout.");
    }
}
