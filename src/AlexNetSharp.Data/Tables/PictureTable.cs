using System.Collections.Immutable;
using System.Globalization;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Loads a CSV file (RFC 4180, UTF-8) that lists pictures and their classes: <c>path,label</c> and perhaps <c>split</c>.</summary>
/// <remarks>
/// <para>Paths are relative to the file. A first line <c>path,label</c> or <c>path,label,split</c> is a header. The classes are the labels,
/// sorted ordinally, or by value where all are whole numbers.</para>
/// <para><c>split</c> is <c>train</c>, <c>val</c> (or <c>valid</c>, <c>validation</c>) or <c>test</c>. What no line is in is held back from the
/// training pictures as <see cref="ImageFolder"/> does it, drawn by the paths as they are written.</para>
/// </remarks>
public static class PictureTable
{
    private const int SmallestFields = 2, LargestFields = 3;
    private static readonly string[] Header = ["path", "label", "split"];

    private enum Split
    {
        Training,
        Validation,
        Test,
    }

    /// <summary>Loads the list in <paramref name="path"/>. The pictures are read when they are asked for.</summary>
    /// <param name="path">The CSV file.</param>
    /// <param name="seed">Another seed holds back other pictures, where the file itself does not say which.</param>
    /// <param name="channels">What pictures are brought to: 1 for grey, 3 for RGB. Null as in <see cref="ImageFolder.Load(string, ulong, int?)"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is not what it should be (the message has its number), or no line is for training.</exception>
    public static DataSplits Load(string path, ulong seed = 0, int? channels = null) => Load(path, seed, channels, problems: null);

    /// <summary>Loads a list; where problems are asked for, a line that is wrong is one of them instead of an error.</summary>
    internal static DataSplits Load(string path, ulong seed, int? channels, ICollection<DataProblem>? problems)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<Row> rows = ReadRows(path, problems);
        string[] labels = [.. rows.Select(row => row.Label).Distinct()];
        ImmutableArray<string> classes = labels.All(label => int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? [.. labels.OrderBy(label => int.Parse(label, CultureInfo.InvariantCulture)).ThenBy(label => label, StringComparer.Ordinal)]
            : [.. labels.Order(StringComparer.Ordinal)];
        Dictionary<string, int> places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        Row[] training = [.. rows.Where(row => row.Split == Split.Training)], validation = [.. rows.Where(row => row.Split == Split.Validation)], test = [.. rows.Where(row => row.Split == Split.Test)];
        RequireTraining(path, training, validation, test);

        List<string> notes = [];
        if (validation.Length == 0)
        {
            bool isTestMissing = test.Length == 0;
            ImmutableArray<int>[] parts = StratifiedSplit.Divide([.. training.Select(row => row.Path)], [.. training.Select(row => places[row.Label])], classes.Length, seed, isTestMissing ? 3 : 2);
            if (isTestMissing)
                test = Take(training, parts[0]);
            validation = Take(training, parts[^2]);
            training = Take(training, parts[^1]);
            notes.Add($"'{path}' says of no picture that it is for validation{(isTestMissing ? " or testing" : "")}: of each class a tenth is{(isTestMissing ? " for testing and a tenth" : "")} for validation, drawn by the pictures' paths.");
        }
        else if (test.Length == 0)
        {
            test = validation;
            notes.Add($"'{path}' says of no picture that it is for testing: the validation pictures are tested on, so that choices made by them flatter the test's figures.");
        }

        string name = Path.GetFileNameWithoutExtension(path), directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        ImmutableArray<string> Paths(Row[] part) => [.. part.Select(row => Path.Combine(directory, row.Path))];
        int wanted = channels ?? PictureFiles.FindChannels(Paths(training));
        PictureFiles Wrap(Row[] part, string split) => new($"{name}/{split}", wanted, Paths(part), [.. part.Select(row => places[row.Label])], classes);
        PictureFiles trainingSet = Wrap(training, "training"), validationSet = Wrap(validation, "validation");
        return new DataSplits(name, trainingSet, validationSet, ReferenceEquals(test, validation) ? validationSet : Wrap(test, "test"))
        {
            ShowsGlyphs = GlyphForm.IsThatOf(trainingSet),
            Notes = [.. notes],
        };
    }

    private static Row[] Take(Row[] rows, ImmutableArray<int> places) => [.. places.Select(place => rows[place])];

    private static void RequireTraining(string path, Row[] training, Row[] validation, Row[] test)
    {
        if (training.Length == 0)
            throw new InvalidDataException($"'{path}': expected lines of the form path,label with pictures to train on, found none. Add some, or leave out the column 'split'.");
        HashSet<string> known = [.. training.Select(row => row.Label)];
        if (validation.Concat(test).FirstOrDefault(row => !known.Contains(row.Label)) is Row stranger)
            throw new InvalidDataException($"'{path}': line {stranger.Line}: class '{stranger.Label}' has no training picture. Give it some, or remove the line.");
    }

    private static List<Row> ReadRows(string path, ICollection<DataProblem>? problems)
    {
        List<Row> rows = [];
        Dictionary<string, int> lines = [];
        bool isFirst = true;
        foreach (CsvRecord record in CsvReader.Read(File.ReadAllText(path), path))
        {
            bool isHeader = isFirst && record.Fields.SequenceEqual(Header.Take(record.Fields.Count), StringComparer.OrdinalIgnoreCase);
            isFirst = false;
            if (isHeader)
                continue;
            if (FindFault(record, lines) is string fault)
            {
                string problem = $"'{path}': line {record.Line}: {fault}";
                if (problems is null)
                    throw new InvalidDataException(problem);
                problems.Add(new DataProblem(path, problem));
                continue;
            }
            lines.Add(record.Fields[0], record.Line);
            rows.Add(new Row(record.Line, record.Fields[0], record.Fields[1], record.Fields.Count == LargestFields ? ParseSplit(record.Fields[2])!.Value : Split.Training));
        }
        return rows;
    }

    private static string? FindFault(CsvRecord record, Dictionary<string, int> lines)
    {
        if (record.Fields.Count is < SmallestFields or > LargestFields)
            return $"expected path,label or path,label,split, found {record.Fields.Count} field{(record.Fields.Count == 1 ? "" : "s")}. Put fields with commas in quotes.";
        if (record.Fields[0].Length == 0 || record.Fields[1].Length == 0)
            return $"expected a path and a label, found no {(record.Fields[0].Length == 0 ? "path" : "label")}. Fill it in, or remove the line.";
        if (record.Fields.Count == LargestFields && ParseSplit(record.Fields[2]) is null)
            return $"expected the split train, val or test, found '{record.Fields[2]}'. Correct it.";
        return lines.TryGetValue(record.Fields[0], out int earlier) ? $"expected a picture that is not listed yet, found '{record.Fields[0]}' of line {earlier} again. Remove one of the lines." : null;
    }

    private static Split? ParseSplit(string text) => text.ToLowerInvariant() switch
    {
        "train" or "" => Split.Training,
        "val" or "valid" or "validation" => Split.Validation,
        "test" => Split.Test,
        _ => null,
    };

    private sealed record Row(int Line, string Path, string Label, Split Split);
}
