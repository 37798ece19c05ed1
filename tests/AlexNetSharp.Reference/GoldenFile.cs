using System.Text.Json;

namespace AlexNetSharp.Reference;

/// <summary>Reads the files of tests/Golden; its README.md tells their format and what each holds.</summary>
public static class GoldenFile
{
    /// <summary>The path of tests/Golden, found by walking up from where the tests run.</summary>
    /// <exception cref="DirectoryNotFoundException">No directory above holds tests/Golden.</exception>
    public static string Folder => FindFolder();

    /// <param name="kernel">The file's name without its extension, such as "conv2d".</param>
    /// <returns>Its cases, in the file's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">An array does not hold what its shape says.</exception>
    public static IReadOnlyList<GoldenCase> Load(string kernel)
    {
        var path = Path.Combine(Folder, kernel + ".json");
        if (!File.Exists(path))
            throw new FileNotFoundException($"No golden file '{path}'. See tests/Golden/README.md for those there are.", path);

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var cases = new List<GoldenCase>();
        foreach (var element in document.RootElement.GetProperty("cases").EnumerateArray())
            cases.Add(ReadCase(kernel, element));
        return cases;
    }

    /// <summary>One case by its name.</summary>
    /// <exception cref="KeyNotFoundException">The file has no such case.</exception>
    public static GoldenCase Load(string kernel, string name)
    {
        foreach (var golden in Load(kernel))
        {
            if (golden.Name == name)
                return golden;
        }

        throw new KeyNotFoundException($"{kernel}.json has no case '{name}'.");
    }

    private static GoldenCase ReadCase(string kernel, JsonElement element)
    {
        var attributes = new Dictionary<string, JsonElement>();
        foreach (var attribute in element.GetProperty("attributes").EnumerateObject())
            attributes.Add(attribute.Name, attribute.Value.Clone()); // Clone: outlives the document.

        var arrays = new Dictionary<string, GoldenArray>();
        var name = element.GetProperty("name").GetString()!;
        foreach (var array in element.GetProperty("arrays").EnumerateObject())
            arrays.Add(array.Name, ReadArray($"{kernel}.json, case '{name}', array '{array.Name}'", array.Value));
        return new GoldenCase(kernel, name, attributes, arrays);
    }

    private static GoldenArray ReadArray(string where, JsonElement element)
    {
        int[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        var length = shape.Aggregate(1, (product, size) => product * size);
        var values = element.TryGetProperty("data", out var data)
            ? [.. data.EnumerateArray().Select(value => value.GetDouble())]
            : ReadBinary(where, element, length);
        return values.Length == length
            ? new GoldenArray(shape, values)
            : throw new InvalidDataException(
                $"{where} holds {values.Length} values, its shape [{string.Join(',', shape)}] needs {length}.");
    }

    private static double[] ReadBinary(string where, JsonElement element, int length)
    {
        var type = element.GetProperty("type").GetString();
        if (type != "float32")
            throw new InvalidDataException($"{where} is of type '{type}', only float32 is known.");

        using var stream = File.OpenRead(Path.Combine(Folder, element.GetProperty("file").GetString()!));
        using var reader = new BinaryReader(stream);
        stream.Position = element.GetProperty("offset").GetInt64();
        var values = new double[length];
        for (var i = 0; i < length; i++)
            values[i] = reader.ReadSingle(); // Little-endian, as the file.
        return values;
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "Golden");
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new DirectoryNotFoundException(
            $"No directory above '{AppContext.BaseDirectory}' holds tests/Golden. Run the tests from a checkout.");
    }
}
