using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Writes a data set as a folder that <see cref="ImageFolder"/> reads: <c>train</c>, <c>val</c> and <c>test</c>, a folder a class, PNG files.</summary>
/// <remarks>
/// Files are numbered from 1 by the pictures' places in their part of the set, so that names tell the order. PNG loses nothing: reading the folder
/// gives the same bytes and labels. <c>classes.txt</c> keeps the classes' order, and their names where no folder can be called so.
/// </remarks>
public static class DataExport
{
    private const int SmallestDigits = 5;

    /// <summary>Writes a set.</summary>
    /// <param name="data">The set, of 1 or 3 channels. Where its test pictures are its validation pictures, they are written once.</param>
    /// <param name="folder">Where to; must be new or empty.</param>
    /// <param name="progress">Told after every hundred pictures.</param>
    /// <param name="cancellationToken">Stops the export; what is written stays.</param>
    /// <exception cref="ArgumentException">The pictures have neither 1 nor 3 channels.</exception>
    /// <exception cref="IOException">The folder is not empty, or cannot be written to.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static ExportReport Write(DataSplits data, string folder, IProgress<PictureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (data.Training.Channels is not (1 or 3))
            throw new ArgumentException($"'{data.Name}' has pictures of {data.Training.Channels} channels; only 1 (grey) and 3 (RGB) can be written as PNG.", nameof(data));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new IOException($"'{folder}': expected a new or empty folder, found {(File.Exists(folder) ? "a file" : "one that holds something")}. Choose another.");
        Directory.CreateDirectory(folder);

        ImmutableArray<string> classes = data.Training.ClassNames, folders = FolderNames.Of(classes);
        List<(string Name, ImageSet Images)> parts = [("train", data.Training), ("val", data.Validation)];
        if (!ReferenceEquals(data.Test, data.Validation))
            parts.Add(("test", data.Test));
        PictureLoop loop = new(parts.Sum(part => part.Images.Count), progress, cancellationToken);
        List<DataProblem> problems = [];
        foreach ((string name, ImageSet images) in parts)
        {
            string[] directories = [.. folders.Select(each => Path.Combine(folder, name, each))];
            foreach (int label in images.Labels.ToArray().Distinct())
                Directory.CreateDirectory(directories[label]);
            int digits = Math.Max(SmallestDigits, images.Count.ToString(CultureInfo.InvariantCulture).Length);
            ConcurrentBag<(int Index, DataProblem Problem)> broken = [];
            loop.Run(images.Count, i =>
            {
                string file = Path.Combine(directories[images.Labels[i]], (i + 1).ToString($"D{digits}", CultureInfo.InvariantCulture) + ".png");
                if (FindProblem(images, i, file) is string problem)
                    broken.Add((i, new DataProblem(images.Describe(i), problem)));
            });
            problems.AddRange(broken.OrderBy(each => each.Index).Select(each => each.Problem));
        }
        new ClassList(folders, classes).Write(folder);
        return new ExportReport(
            loop.Total - problems.Count, [.. problems], [.. classes.Index().Where(each => folders[each.Index] != each.Item).Select(each => new RenamedClass(each.Item, folders[each.Index]))]);
    }

    // Writes the picture, or says why it cannot be read. What keeps it from being written is an error of the whole export.
    private static string? FindProblem(ImageSet images, int index, string file)
    {
        StoredImage image;
        try
        {
            image = images.Read(index);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        PictureWriter.WritePng(image, images.Channels, file);
        return null;
    }
}
