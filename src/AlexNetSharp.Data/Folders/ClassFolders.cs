namespace AlexNetSharp.Data;

/// <summary>The class folders in a folder, and the pictures in each.</summary>
/// <param name="Directory">The folder.</param>
/// <param name="Classes">For each class folder its pictures' paths below <paramref name="Directory"/>, with '/' between the parts, sorted ordinally.</param>
internal sealed record ClassFolders(string Directory, SortedDictionary<string, List<string>> Classes)
{
    private static readonly string[] Litter = ["Thumbs.db", "desktop.ini", "__MACOSX"];

    /// <summary>Looks into a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="problems">Gets what does not belong there; null for not looking for it.</param>
    public static ClassFolders Scan(string directory, ICollection<DataProblem>? problems)
    {
        SortedDictionary<string, List<string>> classes = new(StringComparer.Ordinal);
        foreach (FileSystemInfo entry in Visible(directory))
        {
            if (IsClassFolder(entry))
            {
                List<string> pictures = [];
                Collect((DirectoryInfo)entry, entry.Name, pictures, problems);
                pictures.Sort(StringComparer.Ordinal);
                classes.Add(entry.Name, pictures);
            }
            else if (PictureReader.HasPictureName(entry.Name))
            {
                problems?.Add(new DataProblem(entry.FullName, entry is DirectoryInfo
                    ? $"'{entry.FullName}' is a folder that is called as a picture is; it is taken for neither a class nor a picture. Rename it, or move it away."
                    : $"'{entry.FullName}' lies in no folder of a class. Move it into one."));
            }
        }
        return new ClassFolders(directory, classes);
    }

    /// <summary>Whether a folder has a class folder within, or what may be one.</summary>
    public static bool HasClasses(string directory) => Visible(directory).Any(IsClassFolder);

    /// <summary>What is in a folder, but for what systems hide or leave there.</summary>
    public static IEnumerable<FileSystemInfo> Visible(string directory) => Visible(new DirectoryInfo(directory));

    /// <summary>A picture's full path.</summary>
    public string FullPath(string picture) => Path.Combine(Directory, picture.Replace('/', Path.DirectorySeparatorChar));

    // A folder called x.png is a mistake: it is no class.
    private static bool IsClassFolder(FileSystemInfo entry) => entry is DirectoryInfo && !PictureReader.HasPictureName(entry.Name);

    private static IEnumerable<FileSystemInfo> Visible(DirectoryInfo directory) => directory.EnumerateFileSystemInfos()
        .Where(entry => !entry.Name.StartsWith('.') && (entry.Attributes & FileAttributes.Hidden) == 0 && !Litter.Contains(entry.Name, StringComparer.OrdinalIgnoreCase));

    private static void Collect(DirectoryInfo directory, string name, List<string> pictures, ICollection<DataProblem>? problems)
    {
        foreach (FileSystemInfo entry in Visible(directory))
        {
            string path = $"{name}/{entry.Name}";
            if (PictureReader.HasPictureName(entry.Name))
                // Also a folder called so: reading it says what it is.
                pictures.Add(path);
            else if (entry is not DirectoryInfo below)
                problems?.Add(new DataProblem(entry.FullName, $"'{entry.FullName}' has not the name of a picture (.png, .jpg, .jpeg, .bmp, .gif or .webp) and is left out. Convert it, or move it away."));
            else if (below.LinkTarget is null)
                Collect(below, path, pictures, problems);
            else
                // It may lead back to where it comes from.
                problems?.Add(new DataProblem(entry.FullName, $"'{entry.FullName}' is a link to a folder, which is not followed within a class. Put the pictures there."));
        }
    }
}
