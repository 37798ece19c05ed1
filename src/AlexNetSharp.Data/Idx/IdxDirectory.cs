using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Loads a directory of four IDX files as a data set: MNIST, Fashion-MNIST, KMNIST, EMNIST and what else comes in this format.</summary>
/// <remarks>
/// <para>The files are called as MNIST's are: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>,
/// <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>, also with a dot before <c>idx</c>, with <c>test</c> for
/// <c>t10k</c>, with <c>.gz</c> (of a file that is there both ways the plain one is read), and with a prefix, as EMNIST has
/// them: <c>emnist-letters-train-images-idx3-ubyte.gz</c>. Where a directory holds several prefixes, the path names one of
/// them after a <c>#</c>, in full or without <c>emnist-</c>: <c>/data/emnist#letters</c>.</para>
/// <para>EMNIST's pictures are stored transposed, so those of files whose names begin with <c>emnist-</c> are turned upright.
/// Its letters are labelled 1 to 26, which become the classes 0 to 25.</para>
/// <para>The classes are known for prefixes and directories called <c>mnist</c>, <c>fashion-mnist</c>, <c>kmnist</c> and as
/// EMNIST's six sets; otherwise there is one class more than the largest training label, and the names are numbers.</para>
/// <para>The first twelfth of the training file, rounded down, is the validation split: 5,000 of MNIST's 60,000.</para>
/// </remarks>
public static class IdxDirectory
{
    private const int ValidationDivisor = 12;
    private const string TransposedPrefix = "emnist-";

    /// <summary>Loads the set in <paramref name="path"/>.</summary>
    /// <param name="path">A directory, with <c>#prefix</c> behind it where it holds several sets.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">One of the four files is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, the files do not belong together, or several sets lie there and none is named.</exception>
    public static DataSplits Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (string directory, string? wanted) = SplitVariant(path);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"'{directory}': expected a directory with the files {IdxFileName.Expected} (plain or .gz), found none. Check the path.");

        Dictionary<string, IdxFileSet> sets = FindSets(directory);
        IdxFileSet files = Choose(directory, sets, wanted);
        string name = files.Variant.Length > 0 ? files.Variant : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        return Load(name.Length > 0 ? name : "data", directory, files);
    }

    /// <summary>Whether <paramref name="path"/>, without the <c>#prefix</c> behind it, is a directory with at least one IDX file, or one that a prefix is asked of.</summary>
    internal static bool HasFiles(string path)
    {
        (string directory, string? wanted) = SplitVariant(path);
        return Directory.Exists(directory) && (wanted is not null || FindSets(directory).Count > 0);
    }

    /// <summary>Whether <paramref name="directory"/> exists and holds all four files of one set without a prefix.</summary>
    internal static bool IsComplete(string directory) =>
        Directory.Exists(directory) && FindSets(directory).TryGetValue("", out IdxFileSet? files) && files.IsComplete;

    private static (string Directory, string? Variant) SplitVariant(string path)
    {
        // A directory may have a '#' in its own name: then the whole path exists.
        int mark = path.LastIndexOf('#');
        return mark < 0 || Directory.Exists(path) ? (path, null) : (path[..mark], path[(mark + 1)..]);
    }

    private static Dictionary<string, IdxFileSet> FindSets(string directory)
    {
        Dictionary<string, IdxFileSet> sets = [];
        // Plain names first, then by name: what is chosen does not depend on the file system's order.
        IEnumerable<(string File, IdxFileName? Name)> files =
            from file in Directory.EnumerateFiles(directory)
            let name = IdxFileName.Parse(Path.GetFileName(file))
            where name is not null
            orderby name.IsZipped, file
            select (file, name);
        foreach ((string file, IdxFileName? name) in files)
        {
            if (!sets.TryGetValue(name!.Variant, out IdxFileSet? set))
                sets.Add(name.Variant, set = new IdxFileSet(name.Variant));
            set.Add(name, file);
        }
        return sets;
    }

    private static IdxFileSet Choose(string directory, Dictionary<string, IdxFileSet> sets, string? wanted)
    {
        string found = string.Join(", ", sets.Keys.Order(StringComparer.Ordinal).Select(variant => variant.Length > 0 ? variant : "one without a prefix"));
        if (wanted is not null)
        {
            return sets.GetValueOrDefault(wanted) ?? sets.GetValueOrDefault(TransposedPrefix + wanted) ?? throw new InvalidDataException(
                $"'{directory}': expected files called {wanted}-train-images-idx3-ubyte and so on, found {(found.Length > 0 ? "the sets " + found : "no IDX files")}. "
                + "Name one of them after the '#'.");
        }
        return sets.Count switch
        {
            0 => throw new FileNotFoundException($"'{directory}': expected the files {IdxFileName.Expected} (plain or .gz), found none of them. "
                + "Put them there, or check the path."),
            1 => sets.Values.First(),
            // Without a name, the set without a prefix would be a guess too.
            _ => throw new InvalidDataException($"'{directory}': expected one set of IDX files, found {sets.Count}: {found}. "
                + $"Name one of them by its prefix after a '#', as in '{directory}#{sets.Keys.Order(StringComparer.Ordinal).Last()}'."),
        };
    }

    private static DataSplits Load(string name, string directory, IdxFileSet files)
    {
        files.ThrowIfIncomplete(directory);
        bool isTransposed = files.Variant.StartsWith(TransposedPrefix, StringComparison.Ordinal);
        IdxImages trainingImages = ReadImages(files.TrainingImages!, isTransposed);
        IdxImages testImages = ReadImages(files.TestImages!, isTransposed);
        if ((trainingImages.Height, trainingImages.Width) != (testImages.Height, testImages.Width))
        {
            throw new InvalidDataException(
                $"'{files.TestImages}': expected pictures of {trainingImages.Height}x{trainingImages.Width} as in '{files.TrainingImages}', "
                + $"found {testImages.Height}x{testImages.Width}. Put the two files of one set there.");
        }

        byte[] trainingLabels = ReadLabels(files.TrainingLabels!, files.TrainingImages!, trainingImages.Count);
        byte[] testLabels = ReadLabels(files.TestLabels!, files.TestImages!, testImages.Count);
        LabelSet? known = LabelSet.Find(name);
        LabelSet labels = known ?? LabelSet.Numbered(trainingLabels);
        string source = known is null ? $"as in '{files.TrainingLabels}'" : $"as '{name}' has";

        LabeledImages Wrap(IdxImages images, byte[] fileLabels, string labelsPath, string split) => new(
            $"{name}/{split}", images.Height, images.Width, channels: 1, images.Pixels, ToClasses(labelsPath, fileLabels, labels, source), labels.ClassNames);

        LabeledImages training = Wrap(trainingImages, trainingLabels, files.TrainingLabels!, "training");
        LabeledImages test = Wrap(testImages, testLabels, files.TestLabels!, "test");
        int validationCount = training.Count / ValidationDivisor;
        return new DataSplits(
            name,
            training.Slice(validationCount, training.Count - validationCount, training.Name),
            training.Slice(0, validationCount, $"{name}/validation"),
            test)
        {
            // EMNIST's characters were cropped, centred and scaled as well, though not to the same size.
            ShowsGlyphs = isTransposed || GlyphForm.IsThatOf(training),
        };
    }

    private static IdxImages ReadImages(string path, bool isTransposed)
    {
        IdxImages images = IdxReader.ReadImages(path);
        return isTransposed ? Transpose(images) : images;
    }

    private static byte[] ReadLabels(string path, string imagesPath, int imageCount)
    {
        byte[] labels = IdxReader.ReadLabels(path);
        return labels.Length == imageCount ? labels : throw new InvalidDataException(
            $"'{path}': at byte 4: expected {imageCount} labels, one for each picture of '{imagesPath}', found {labels.Length}. Put the two files of one set there.");
    }

    private static int[] ToClasses(string path, byte[] fileLabels, LabelSet labels, string source)
    {
        int[] classes = new int[fileLabels.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] = fileLabels[i] - labels.FirstLabel;
            if ((uint)classes[i] >= (uint)labels.Count)
            {
                throw new InvalidDataException(
                    $"'{path}': label {i} (byte {IdxReader.LabelsHeaderLength + i} of the content): expected {labels.FirstLabel} to {labels.LastLabel} "
                    + $"({labels.Count} classes, {source}), found {fileLabels[i]}. Put the files of one set there, in a directory of its name.");
            }
        }
        return classes;
    }

    private static IdxImages Transpose(IdxImages images)
    {
        (int height, int width) = (images.Height, images.Width);
        byte[] pixels = new byte[images.Pixels.Length];
        for (int image = 0; image < images.Count; image++)
        {
            int start = image * height * width;
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    pixels[start + x * height + y] = images.Pixels[start + y * width + x];
        }
        return new IdxImages(images.Count, width, height, pixels);
    }
}
