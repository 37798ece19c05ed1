using System.Collections.Immutable;

namespace AlexNetSharp.Data;

/// <summary>
/// The file <c>classes.txt</c> of an image folder, where it has one: a line a class, in the order of the labels, with the class's folder and,
/// after a tab, its name where it is not the folder's.
/// </summary>
/// <param name="Folders">The classes' folders.</param>
/// <param name="Names">The classes' names.</param>
internal sealed record ClassList(ImmutableArray<string> Folders, ImmutableArray<string> Names)
{
    public const string FileName = "classes.txt";

    /// <summary>The list in <paramref name="directory"/>; null where there is none.</summary>
    /// <exception cref="InvalidDataException">A folder or a name is there twice.</exception>
    public static ClassList? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
            return null;
        List<string> folders = [], names = [];
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;
            string[] parts = lines[i].Split('\t', 2);
            if (folders.Contains(parts[0]) || names.Contains(parts[^1]))
                throw new InvalidDataException($"'{path}': line {i + 1}: expected a class that is not listed yet, found '{lines[i]}'. Remove the line.");
            folders.Add(parts[0]);
            names.Add(parts[^1]);
        }
        return new ClassList([.. folders], [.. names]);
    }

    /// <summary>Writes the list into <paramref name="directory"/>.</summary>
    public void Write(string directory) => File.WriteAllLines(
        Path.Combine(directory, FileName),
        Folders.Select((folder, i) => folder == Names[i] ? folder : $"{folder}\t{Names[i]}"));
}
