namespace AlexNetSharp.Interop.Tests;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    private static readonly string _root = Find();

    public static string File(params string[] parts) => Path.Combine([_root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "AlexNetSharp.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No AlexNetSharp.slnx above '{AppContext.BaseDirectory}'. Run the tests from a checkout.");
    }
}
