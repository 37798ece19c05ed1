using System.Globalization;
using System.Text.RegularExpressions;
using AlexNetSharp.Data;
using AlexNetSharp.Images;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>Where <c>inspect</c> writes: <c>filters.png</c>, <c>grad-cam.png</c> and a picture for each layer under <c>layers</c>.</summary>
internal sealed partial class InspectFolder
{
    private const string FiltersName = "filters.png";
    private const string GradCamName = "grad-cam.png";
    private const string LayersName = "layers";

    // All that is drawn here is RGB.
    private const int Channels = 3;

    private readonly string _path;

    private InspectFolder(string path) => _path = path;

    /// <summary>Makes the folder, or empties it of what an earlier <c>inspect</c> wrote.</summary>
    /// <exception cref="IOException">It holds anything else, or cannot be made.</exception>
    public static InspectFolder Create(string path)
    {
        try
        {
            if (File.Exists(path))
                throw new IOException($"--out '{path}' is a file; name a folder.");
            string layers = Path.Combine(path, LayersName);
            if (Directory.Exists(path))
            {
                string[] inside = [.. Directory.EnumerateFileSystemEntries(path).Where(entry => entry != layers), .. Directory.Exists(layers) ? Directory.EnumerateFileSystemEntries(layers) : []];
                string[] written = [.. inside.Where(entry => IsOurs(path, entry))];
                if (inside.Except(written).FirstOrDefault() is string other)
                    throw new IOException($"--out '{path}' holds '{Path.GetRelativePath(path, other)}', which 'inspect' did not write; name a new folder.");
                foreach (string old in written)
                    File.Delete(old);
            }
            Directory.CreateDirectory(path);
            return new InspectFolder(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"--out '{path}' cannot be written to ({e.Message.TrimEnd('.')}). Name a folder that you may write to.", e);
        }
    }

    /// <summary>Writes the first filters.</summary>
    /// <returns>The file's name within the folder, as the others do.</returns>
    public string WriteFilters(StoredImage picture) => Write(picture, FiltersName);

    public string WriteGradCam(StoredImage picture) => Write(picture, GradCamName);

    /// <param name="picture">What to write.</param>
    /// <param name="number">The layer's, from 1.</param>
    /// <param name="layer">The layer's name.</param>
    public string WriteLayer(StoredImage picture, int number, string layer)
    {
        Directory.CreateDirectory(Path.Combine(_path, LayersName));
        return Write(picture, $"{LayersName}/{number.ToString("D2", CultureInfo.InvariantCulture)}-{RunFolder.FileNameOf(layer)}.png");
    }

    private string Write(StoredImage picture, string name)
    {
        PictureWriter.WritePng(picture, Channels, Path.Combine(_path, name));
        return name;
    }

    private static bool IsOurs(string folder, string entry) =>
        File.Exists(entry) && Path.GetRelativePath(folder, entry).Replace('\\', '/') is string name && (name is FiltersName or GradCamName || LayerName().IsMatch(name));

    [GeneratedRegex($"^{LayersName}/[0-9]{{2,}}-[^/]*\\.png$")]
    private static partial Regex LayerName();
}
