using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Models;

/// <summary>Compiled JSON contracts: no reflection at start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(ModelSpec))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    private const string ClassesKey = "classes";
    private const string LayersKey = "layers";
    private const string NameKey = "name";
    private const string TypeKey = "type";

    /// <summary>How a model is read and written. In C# every model names its classes; a file may leave that to the data.</summary>
    public static JsonTypeInfo<ModelSpec> Contract => field ??= CreateContract();

    [GeneratedRegex(@"\$\.layers\[(\d+)\]")]
    private static partial Regex LayerPath { get; }

    /// <summary>What is wrong with a text that could not be read as a model, naming the layer where there is one.</summary>
    public static string Fault(string json, Exception exception)
    {
        Match place = LayerPath.Match((exception as JsonException)?.Path ?? exception.Message);
        if (!place.Success || !int.TryParse(place.Groups[1].ValueSpan, out int index) || Find(json, index) is not JsonElement layer)
            return exception.Message;
        string called = Text(layer, NameKey) is string name ? $"layer '{name}'" : $"layer {index + 1}";
        string known = string.Join(", ", typeof(Layer).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(type => type.TypeDiscriminator));
        return Text(layer, TypeKey) switch
        {
            null when layer.ValueKind == JsonValueKind.Object => $"{called} has no type. Known types are {known}.",
            string type when !known.Split(", ").Contains(type) => $"{called} is of the type '{type}', which is not known. Known types are {known}.",
            _ when Property(exception, place) is string property => $"{called}: '{property}': {exception.Message}",
            _ => $"{called}: {exception.Message}",
        };
    }

    private static JsonTypeInfo<ModelSpec> CreateContract()
    {
        JsonSerializerOptions options = new(Default.Options)
        {
            TypeInfoResolver = Default.WithAddedModifier(type =>
            {
                if (type.Type == typeof(ModelSpec))
                    type.Properties.Single(property => property.Name == ClassesKey).IsRequired = false;
            }),
        };
        return (JsonTypeInfo<ModelSpec>)options.GetTypeInfo(typeof(ModelSpec));
    }

    // Null where the text is no JSON at all; its reader has said so then.
    private static JsonElement? Find(string json, int index)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(LayersKey, out JsonElement layers)
                && layers.ValueKind == JsonValueKind.Array && index < layers.GetArrayLength()
                ? layers[index].Clone()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The property at fault, where the message does not name it itself.
    private static string? Property(Exception exception, Match place) =>
        exception is JsonException { Path: string path } && path.Length > place.Length + 1 && path[(place.Length + 1)..] is string property
            && !exception.Message.Contains(property, StringComparison.Ordinal)
            ? property
            : null;

    private static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
