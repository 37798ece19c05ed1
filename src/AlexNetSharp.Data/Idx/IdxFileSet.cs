namespace AlexNetSharp.Data;

/// <summary>The paths of the four files of one set, as far as they have been found.</summary>
internal sealed class IdxFileSet(string variant)
{
    public string Variant { get; } = variant;

    public string? TrainingImages { get; private set; }

    public string? TrainingLabels { get; private set; }

    public string? TestImages { get; private set; }

    public string? TestLabels { get; private set; }

    public bool IsComplete => Missing().Count == 0;

    /// <summary>Takes <paramref name="path"/> in, unless that file has been found under another name already.</summary>
    public void Add(IdxFileName name, string path)
    {
        switch (name.IsTraining, name.IsImages)
        {
            case (true, true): TrainingImages ??= path; break;
            case (true, false): TrainingLabels ??= path; break;
            case (false, true): TestImages ??= path; break;
            case (false, false): TestLabels ??= path; break;
        }
    }

    /// <exception cref="FileNotFoundException">Files are missing; the message names them.</exception>
    public void ThrowIfIncomplete(string directory)
    {
        List<string> missing = Missing();
        if (missing.Count == 0)
            return;
        string prefix = Variant.Length > 0 ? Variant + "-" : "";
        throw new FileNotFoundException(
            $"'{directory}': expected four IDX files, found {4 - missing.Count}; "
            + $"missing: {string.Join(", ", missing.Select(name => prefix + name))} (plain or .gz). Put them there.");
    }

    private List<string> Missing()
    {
        string test = Variant.Length > 0 ? "test" : "t10k";
        List<string> missing = [];
        if (TrainingImages is null)
            missing.Add("train-images-idx3-ubyte");
        if (TrainingLabels is null)
            missing.Add("train-labels-idx1-ubyte");
        if (TestImages is null)
            missing.Add(test + "-images-idx3-ubyte");
        if (TestLabels is null)
            missing.Add(test + "-labels-idx1-ubyte");
        return missing;
    }
}
