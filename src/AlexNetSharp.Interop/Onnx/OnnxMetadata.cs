using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>What stands about a model in its metadata_props, because no operator says it: name, classes and preprocessing.</summary>
internal static class OnnxMetadata
{
    public const string NameKey = "alexnet.name";
    public const string ClassesKey = "alexnet.classes";
    public const string PreprocessingKey = "alexnet.preprocessing";
    public const string LayoutKey = "alexnet.layout";

    /// <summary>Classes as they stand there.</summary>
    public static string Write(ImmutableArray<string> classes) => JsonSerializer.Serialize(classes, OnnxMetadataJson.Readable.ImmutableArrayString);

    /// <summary>Preprocessing as it stands there.</summary>
    public static string Write(Preprocessing preprocessing) => JsonSerializer.Serialize(preprocessing, OnnxMetadataJson.Readable.Preprocessing);

    /// <summary>The classes of a file, or null where it names none.</summary>
    /// <exception cref="InvalidDataException">What stands there is no list of as many names.</exception>
    public static ImmutableArray<string>? Classes(OnnxGraph graph, int count)
    {
        if (!graph.Metadata.TryGetValue(ClassesKey, out string? json))
            return null;
        ImmutableArray<string> classes = Parse(graph, ClassesKey, json, OnnxMetadataJson.Readable.ImmutableArrayString);
        if (classes.IsDefault || classes.Contains(null!) || classes.Length != count)
            throw OnnxError.Of($"'{graph.Source}': the metadata '{ClassesKey}' names {(classes.IsDefault ? 0 : classes.Length)} classes; the model has {count} outputs. Name each of them, or leave the entry away.");
        return classes;
    }

    /// <summary>The preprocessing of a file, or null where it says nothing.</summary>
    /// <exception cref="InvalidDataException">What stands there is none.</exception>
    public static Preprocessing? PreprocessingOf(OnnxGraph graph) =>
        graph.Metadata.TryGetValue(PreprocessingKey, out string? json) ? Parse(graph, PreprocessingKey, json, OnnxMetadataJson.Readable.Preprocessing) : null;

    /// <summary>A layout as it stands there.</summary>
    public static string Write(OnnxPictureLayout layout) => layout.ToString().ToUpperInvariant();

    /// <summary>The layout of a file's input, or null where it says nothing.</summary>
    /// <exception cref="InvalidDataException">What stands there is none.</exception>
    public static OnnxPictureLayout? Layout(OnnxGraph graph)
    {
        if (!graph.Metadata.TryGetValue(LayoutKey, out string? text))
            return null;
        foreach (OnnxPictureLayout layout in Enum.GetValues<OnnxPictureLayout>())
        {
            if (text == Write(layout))
                return layout;
        }
        throw OnnxError.Of($"'{graph.Source}': the metadata '{LayoutKey}' is '{text}'; NCHW or NHWC is expected.");
    }

    private static T Parse<T>(OnnxGraph graph, string key, string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> contract)
    {
        try
        {
            return JsonSerializer.Deserialize(json, contract) ?? throw new JsonException("found null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw OnnxError.Of($"'{graph.Source}': the metadata '{key}' cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>Compiled JSON contracts of <see cref="OnnxMetadata"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Preprocessing))]
[JsonSerializable(typeof(ImmutableArray<string>))]
internal sealed partial class OnnxMetadataJson : JsonSerializerContext
{
    /// <summary>Letters stay letters.</summary>
    public static OnnxMetadataJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
