using System.Text.RegularExpressions;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Server;

/// <summary>A model that is to be served: a file, a run's folder, or a folder of versions (<c>1/model.safetensors</c>, <c>2/model.safetensors</c>, …).</summary>
/// <param name="Name">What clients call it.</param>
/// <param name="Path">The file or folder.</param>
public sealed partial record ModelSource(string Name, string Path)
{
    /// <summary>Reads <c>NAME=PATH</c>, or a path that is named for its file or folder.</summary>
    /// <exception cref="ArgumentException">The name is none that can stand in an address.</exception>
    public static ModelSource Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        // A path may hold '=' too: then what is before it holds a separator, or the whole is there.
        bool named = equals > 0 && !text[..equals].Contains('/', StringComparison.Ordinal) && !System.IO.Path.Exists(text);
        (string name, string path) = named ? (text[..equals], text[(equals + 1)..]) : (NameOf(text), text);
        return NameForm().IsMatch(name)
            ? new ModelSource(name, path)
            : throw new ArgumentException($"'{name}' cannot be a model's name; letters, digits, '.', '_' and '-' are expected, at most 100, the first a letter or digit. Write NAME={path}.");
    }

    private static string NameOf(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (Directory.Exists(full))
            return System.IO.Path.GetFileName(full);
        // Every run calls its model the same; the folder tells them apart.
        return System.IO.Path.GetFileName(full) == RunFolder.ModelName
            ? System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(full)!)
            : System.IO.Path.GetFileNameWithoutExtension(full);
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z")]
    private static partial Regex NameForm();
}
