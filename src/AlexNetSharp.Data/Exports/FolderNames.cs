using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace AlexNetSharp.Data;

/// <summary>Names for the folders of classes that every file system takes, and that <see cref="ImageFolder"/> takes for classes.</summary>
internal static class FolderNames
{
    private const int LargestLength = 100;
    private static readonly SearchValues<char> Refused = SearchValues.Create("<>:\"/\\|?*");
    private static readonly string[] Devices = ["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"com{i}", $"lpt{i}"])];

    /// <summary>A folder's name for each class: the class's own where it will do, else a similar one. No two differ in the case of letters alone.</summary>
    public static ImmutableArray<string> Of(ImmutableArray<string> classes)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        string[] folders = new string[classes.Length];
        // Names that will do as they are come first, so that none of them has to give way.
        foreach ((int index, string name) in classes.Index().OrderBy(each => Similar(each.Item) != each.Item))
        {
            string similar = Similar(name), folder = similar;
            for (int number = 2; !taken.Add(folder); number++)
                folder = $"{similar}-{number}";
            folders[index] = folder;
        }
        return [.. folders];
    }

    private static string Similar(string name)
    {
        StringBuilder similar = new(name.Length);
        foreach (char letter in name.Length > LargestLength ? name[..LargestLength] : name)
            similar.Append(char.IsControl(letter) || Refused.Contains(letter) ? '_' : letter);
        string folder = similar.ToString();
        if (folder.Trim() is "" || folder[0] is '.' or ' ')
            folder = "_" + folder;
        if (folder[^1] is '.' or ' ' || Devices.Contains(folder.Split('.')[0], StringComparer.OrdinalIgnoreCase) || PictureReader.HasPictureName(folder)
            || folder.Equals("__MACOSX", StringComparison.OrdinalIgnoreCase))
            folder += "_";
        return folder;
    }
}
