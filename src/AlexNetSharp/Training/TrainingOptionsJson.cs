using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Training;

/// <summary>Training options as JSON, in snake_case: written whole, read as changes to others.</summary>
public static class TrainingOptionsJson
{
    private const string TypeKey = "type";

    // By reflection: compiled contracts set what a file leaves out to zero, not to its default. Only --config and the like pay for it.
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    /// <summary>All options.</summary>
    public static string Write(TrainingOptions options) => JsonSerializer.Serialize(options, Form);

    /// <summary>These options with what a JSON object names changed, at any depth; what it does not name stays. A null switches off what can be off.</summary>
    /// <remarks>An object whose <c>type</c> differs from the one that stands replaces it whole, its other values beginning at their defaults.</remarks>
    /// <param name="options">What stands.</param>
    /// <param name="json">An object, such as <c>{"batch_size": 128, "optimizer": {"type": "sgd"}}</c>.</param>
    /// <param name="source">What messages call it, such as a file's path.</param>
    /// <exception cref="InvalidDataException">The text is no such object, or an option that it names does not exist; the message says where.</exception>
    public static TrainingOptions With(this TrainingOptions options, string json, string source)
    {
        try
        {
            if (JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) is not JsonObject changes)
                throw new InvalidDataException($"'{source}': expected a JSON object of training options, such as {{\"batch_size\": 128}}.");
            JsonObject all = JsonSerializer.SerializeToNode(options, Form)!.AsObject();
            Merge(all, changes);
            return all.Deserialize<TrainingOptions>(Form)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"'{source}' holds no training options: {e.Message}", e);
        }
    }

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach ((string name, JsonNode? change) in changes.ToArray())
        {
            if (change is JsonObject nested && target[name] is JsonObject standing && SameType(standing, nested))
                Merge(standing, nested);
            else
                target[name] = change?.DeepClone();
        }
    }

    private static bool SameType(JsonObject standing, JsonObject change) =>
        change[TypeKey] is not JsonNode type || JsonNode.DeepEquals(type, standing[TypeKey]);
}
