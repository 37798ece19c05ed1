using System.Collections.Immutable;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Loads a folder with one subfolder a class, as torchvision's ImageFolder does.</summary>
/// <remarks>
/// <para>The classes are the subfolders, sorted ordinally; their pictures lie in them at any depth (<see cref="PictureReader.HasPictureName"/>).
/// A file <c>classes.txt</c> may give another order, and names that folders cannot have: a line a class, the folder and, after a tab, the name.
/// What begins with a dot or is hidden is passed over.</para>
/// <para>The pictures' order is that of their paths below their classes' folders, whatever the class: a set that <see cref="DataExport"/> wrote is
/// read in the order it had, and trained on to the same bits.</para>
/// <para>Where <c>train</c> with class folders is there, <c>val</c> (or <c>valid</c>, <c>validation</c>) and <c>test</c> are looked for beside it.
/// Without <c>val</c>, a tenth of each class in <c>train</c> is held back for it. With <c>val</c> and no <c>test</c>, the validation pictures are
/// the test pictures too. Otherwise, a tenth of each class is for testing and a tenth for validation.</para>
/// <para>What is held back is decided by the pictures' names and the seed: pictures that come later do not move those that are there, but for
/// the few by which a tenth grows. A class of fewer than three pictures is only trained on.</para>
/// </remarks>
public static class ImageFolder
{
    private const string Train = "train", Test = "test";
    private static readonly string[] ValidationNames = ["val", "valid", "validation"];

    /// <summary>Loads the folder <paramref name="path"/>. Its pictures are read when they are asked for.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="seed">Another seed holds back other pictures, where the folder itself does not say which.</param>
    /// <param name="channels">
    /// What pictures are brought to: 1 for grey, 3 for RGB. Null for 1 where all of a hundred training pictures, spread over the folder, are grey by
    /// their headers, else 3.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no class folders, one of them is empty, or the classes of its parts differ; the message names them.</exception>
    public static DataSplits Load(string path, ulong seed = 0, int? channels = null) => Load(path, seed, channels, problems: null);

    /// <summary>Whether <paramref name="path"/> is a folder with subfolders that may be classes.</summary>
    internal static bool IsOne(string path) => Directory.Exists(path) && ClassFolders.HasClasses(path);

    /// <summary>Loads a folder and tells what does not belong into it, where that is asked for.</summary>
    internal static DataSplits Load(string path, ulong seed, int? channels, ICollection<DataProblem>? problems)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"'{path}': expected a folder with one subfolder a class, found none. Check the path.");
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        Builder builder = new(name.Length > 0 ? name : "data", path, seed, channels, problems);
        return Find(path, [Train]) is string train && ClassFolders.HasClasses(train) ? builder.FromParts(train) : builder.FromWhole();
    }

    private static string? Find(string path, string[] names)
    {
        string[] found = [.. ClassFolders.Visible(path)
            .Where(entry => entry is DirectoryInfo && names.Contains(entry.Name, StringComparer.OrdinalIgnoreCase))
            .Select(entry => entry.FullName)
            .Order(StringComparer.Ordinal)];
        return found.Length switch
        {
            0 => null,
            1 => found[0],
            _ => throw new InvalidDataException($"'{path}': expected one folder called {string.Join(" or ", names)}, found {string.Join(" and ", found.Select(Path.GetFileName))}. Move one away."),
        };
    }

    private sealed class Builder(string name, string path, ulong seed, int? channels, ICollection<DataProblem>? problems)
    {
        private ClassList _classes = new([], []);
        private int _channels;

        public DataSplits FromWhole()
        {
            Part whole = Read(path);
            ImmutableArray<int>[] parts = whole.Divide(_classes.Folders.Length, seed, 3);
            return Create(whole.Take(parts[2]), whole.Take(parts[1]), whole.Take(parts[0]), [$"'{path}' has no folder 'train': a tenth of each class is for testing and a tenth for validation, drawn by the pictures' names."]);
        }

        public DataSplits FromParts(string train)
        {
            foreach (FileSystemInfo entry in ClassFolders.Visible(path))
            {
                if (PictureReader.HasPictureName(entry.Name) || (entry is DirectoryInfo && !((string[])[Train, Test, .. ValidationNames]).Contains(entry.Name, StringComparer.OrdinalIgnoreCase)))
                    problems?.Add(new DataProblem(entry.FullName, $"'{entry.FullName}' is left out: beside the folder 'train' only 'val' and 'test' are looked into. Move it away, or into one of them."));
            }
            Part training = Read(train);
            Part? validation = Find(path, ValidationNames) is string val ? ReadBeside(val, train) : null;
            Part? test = Find(path, [Test]) is string folder ? ReadBeside(folder, train) : null;
            List<string> notes = [];
            if (validation is null && test is null)
            {
                ImmutableArray<int>[] parts = training.Divide(_classes.Folders.Length, seed, 3);
                (training, validation, test) = (training.Take(parts[2]), training.Take(parts[1]), training.Take(parts[0]));
                notes.Add($"'{path}' has neither 'val' nor 'test': of each class in 'train' a tenth is for testing and a tenth for validation, drawn by the pictures' names.");
            }
            else if (validation is null)
            {
                ImmutableArray<int>[] parts = training.Divide(_classes.Folders.Length, seed, 2);
                (training, validation) = (training.Take(parts[1]), training.Take(parts[0]));
                notes.Add($"'{path}' has no folder 'val': a tenth of each class in 'train' is for validation, drawn by the pictures' names.");
            }
            if (test is null)
                notes.Add($"'{path}' has no folder 'test': the validation pictures are tested on, so that choices made by them flatter the test's figures.");
            return Create(training, validation, test, notes);
        }

        private DataSplits Create(Part training, Part validation, Part? test, IEnumerable<string> notes)
        {
            PictureFiles trainingSet = Wrap(training, "training"), validationSet = Wrap(validation, "validation");
            return new DataSplits(name, trainingSet, validationSet, test is null ? validationSet : Wrap(test, Test))
            {
                ShowsGlyphs = GlyphForm.IsThatOf(trainingSet),
                Notes = [.. notes],
            };
        }

        /// <summary>Reads the folder that says what classes there are.</summary>
        private Part Read(string directory)
        {
            ClassFolders folders = ClassFolders.Scan(directory, problems);
            if (folders.Classes.Count == 0)
                throw new InvalidDataException($"'{directory}': expected one subfolder a class, found none. Put each class's pictures into a folder of its name.");
            if (folders.Classes.Values.All(pictures => pictures.Count == 0))
                throw new InvalidDataException($"'{directory}': expected one subfolder a class with pictures, found {folders.Classes.Count} subfolders without any. Put each class's pictures into a folder of its name, or check the path.");
            foreach (string empty in folders.Classes.Where(entry => entry.Value.Count == 0).Select(entry => Path.Combine(directory, entry.Key)))
            {
                string problem = $"'{empty}': expected pictures of class '{Path.GetFileName(empty)}', found none. Put some there, or remove the folder.";
                if (problems is null)
                    throw new InvalidDataException(problem);
                problems.Add(new DataProblem(empty, problem));
            }
            if (ClassList.Read(path) is not ClassList listed)
            {
                ImmutableArray<string> names = [.. folders.Classes.Keys];
                _classes = new ClassList(names, names);
            }
            else
            {
                _classes = listed;
                if (folders.Classes.Keys.FirstOrDefault(folder => !listed.Folders.Contains(folder)) is string unlisted)
                    throw new InvalidDataException($"'{Path.Combine(directory, unlisted)}': expected a folder that '{Path.Combine(path, ClassList.FileName)}' lists. Add it there, or remove that file.");
            }
            Part part = Part.Of(folders, _classes.Folders);
            _channels = channels ?? PictureFiles.FindChannels(part.Paths);
            return part;
        }

        private Part ReadBeside(string directory, string train)
        {
            ClassFolders folders = ClassFolders.Scan(directory, problems);
            if (folders.Classes.Count == 0)
                throw new InvalidDataException($"'{directory}': expected one subfolder a class as in '{train}', found none. Put each class's pictures into a folder of its name, or move it away.");
            if (folders.Classes.Keys.FirstOrDefault(folder => !_classes.Folders.Contains(folder)) is string unknown)
                throw new InvalidDataException($"'{Path.Combine(directory, unknown)}': class '{unknown}' has no folder in '{train}'. Put pictures to train on there, or remove it.");
            return Part.Of(folders, _classes.Folders);
        }

        private PictureFiles Wrap(Part part, string split) => new($"{name}/{split}", _channels, part.Paths, part.Labels, _classes.Names);
    }

    /// <summary>Pictures with their labels; the split draws by their names, which are paths below the folder of the classes.</summary>
    private sealed record Part(ImmutableArray<string> Names, ImmutableArray<string> Paths, ImmutableArray<int> Labels)
    {
        public static Part Of(ClassFolders folders, ImmutableArray<string> classes)
        {
            List<(string Within, string Name, int Label)> pictures = [];
            for (int label = 0; label < classes.Length; label++)
            {
                string folder = classes[label];
                if (folders.Classes.TryGetValue(folder, out List<string>? members))
                    pictures.AddRange(members.Select(name => (name[(folder.Length + 1)..], name, label)));
            }
            pictures.Sort((a, b) => string.CompareOrdinal(a.Within, b.Within) is var order and not 0 ? order : a.Label.CompareTo(b.Label));
            return new Part([.. pictures.Select(picture => picture.Name)], [.. pictures.Select(picture => folders.FullPath(picture.Name))], [.. pictures.Select(picture => picture.Label)]);
        }

        public ImmutableArray<int>[] Divide(int classes, ulong seed, int parts) => StratifiedSplit.Divide(Names, Labels, classes, seed, parts);

        public Part Take(ImmutableArray<int> places) => new([.. places.Select(place => Names[place])], [.. places.Select(place => Paths[place])], [.. places.Select(place => Labels[place])]);
    }
}
