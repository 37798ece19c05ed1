using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Training;

/// <summary>Training options as JSON, in snake_case: written whole, read as changes to others.</summary>
public static partial class TrainingOptionsJson
{
    private const string TypeKey = "type";

    // By reflection: compiled contracts set what a file leaves out to zero, not to its default. Only --config and the like pay for it.
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowOutOfOrderMetadataProperties = true,
        WriteIndented = true,
        // Names only: a number is a name mistyped.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions Text = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <summary>All options.</summary>
    public static string Write(TrainingOptions options) => JsonSerializer.Serialize(options, Form);

    /// <summary>These options with what a JSON object names changed, at any depth; what it does not name stays. A null switches off what can be off.</summary>
    /// <remarks>
    /// An object whose <c>type</c> differs from the one that stands replaces it whole, its other values beginning at their defaults. Comments
    /// and trailing commas are allowed. Whether a number of images fills a step is left to <see cref="TrainingOptions.Validate"/>, for the
    /// batch size may yet be changed; all else is checked here.
    /// </remarks>
    /// <param name="options">What stands.</param>
    /// <param name="json">An object, such as <c>{"batch_size": 128, "optimizer": {"type": "sgd"}}</c>.</param>
    /// <param name="source">What messages call it, such as a file's path.</param>
    /// <exception cref="InvalidDataException">The text is no such object, names an option that does not exist, or a value that it cannot have; the message says where.</exception>
    public static TrainingOptions With(this TrainingOptions options, string json, string source)
    {
        JsonObject all = JsonSerializer.SerializeToNode(options, Form)!.AsObject();
        try
        {
            if (JsonNode.Parse(json, documentOptions: Text) is not JsonObject changes)
                throw new InvalidDataException($"'{source}': expected a JSON object of training options, such as {{\"batch_size\": 128}}.");
            Merge(all, changes, "", source);
            TrainingOptions changed = all.Deserialize<TrainingOptions>(Form)!;
            (changed.Images is null ? changed : changed with { Images = null, Epochs = 1 }).Validate();
            return changed;
        }
        catch (JsonException e) when (e.Path is null)
        {
            throw new InvalidDataException($"'{source}', line {e.LineNumber + 1}: {Sentence(e)}", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{source}', {e.Path!.TrimStart('$', '.')}: {Explain(e)}", e);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"'{source}': {Sentence(e)}", e);
        }
    }

    private static void Merge(JsonObject target, JsonObject changes, string path, string source)
    {
        foreach ((string name, JsonNode? change) in changes.ToArray())
        {
            if (!target.TryGetPropertyValue(name, out JsonNode? present))
                throw new InvalidDataException($"'{source}', {path}{name}: there is no such option. Known are {string.Join(", ", target.Select(option => option.Key))}.");
            if (change is JsonObject nested && present is JsonObject standing && SameType(standing, nested))
                Merge(standing, nested, $"{path}{name}.", source);
            else
                target[name] = change?.DeepClone();
        }
    }

    private static bool SameType(JsonObject standing, JsonObject change) =>
        change[TypeKey] is not JsonNode type || JsonNode.DeepEquals(type, standing[TypeKey]);

    // The runtime names .NET's types; people are told what to write.
    private static string Explain(JsonException e)
    {
        if (Unmapped().IsMatch(e.Message))
            return "there is no such option.";
        if (e.Message.Contains("null", StringComparison.Ordinal))
            return "null cannot stand here.";
        if (Unknown().Match(e.Message) is { Success: true } unknown)
            return $"there is no type {unknown.Groups[1].Value}. Known are {string.Join(", ", Types(e.Path!))}.";
        if (Unconverted().Match(e.Message) is not { Success: true } match)
            return Sentence(e);
        string type = match.Groups[1].Value.TrimEnd('.');
        return type switch
        {
            _ when type.Contains("Int", StringComparison.Ordinal) => "a whole number is expected.",
            _ when type.Contains("Single", StringComparison.Ordinal) => "a number is expected.",
            _ when type.Contains("Boolean", StringComparison.Ordinal) => "true or false is expected.",
            _ when Find(type) is Type { IsEnum: true } names => $"expected is one of {string.Join(", ", Names(names))}.",
            _ => "a value of another kind is expected.",
        };
    }

    private static Type? Find(string type) => typeof(TrainingOptions).Assembly.GetType(type) ?? typeof(Kernels.Optimizers.AdamForm).Assembly.GetType(type);

    private static IEnumerable<string> Names(Type type) => Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => JsonSerializer.Serialize(Enum.ToObject(type, value), type, Form));

    // The objects that have a type stand at the top.
    private static IEnumerable<object?> Types(string path) =>
        from property in typeof(TrainingOptions).GetProperties()
        where path == $"$.{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}"
        from derived in property.PropertyType.GetCustomAttributes<JsonDerivedTypeAttribute>()
        select derived.TypeDiscriminator;

    private static string Sentence(Exception e) => Place().Replace(e.Message, "");

    [GeneratedRegex(@"^The JSON property '.*' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex(@"unrecognized type discriminator id ('.*')")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"^The JSON value could not be converted to (?:System\.Nullable`1\[)?([\w.+]+)")]
    private static partial Regex Unconverted();

    // What the runtime adds to its messages: places in the merged text, which nobody has seen.
    [GeneratedRegex(@" (Path: |LineNumber: ).*$", RegexOptions.Singleline)]
    private static partial Regex Place();
}
