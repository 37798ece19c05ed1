using AlexNetSharp.Interop.Onnx.Messages;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>A node's attributes, asked for by name and type; one of another type than asked for is an error that names node and attribute.</summary>
internal sealed class OnnxAttributes
{
    private readonly string _owner;
    private readonly Dictionary<string, object> _values;

    /// <param name="owner">The model and the node, for messages ("'model.onnx': Conv 'conv1'").</param>
    /// <param name="values">By name: long, float, string, <see cref="OnnxTensor"/>, long[], float[] or string[].</param>
    public OnnxAttributes(string owner, IEnumerable<KeyValuePair<string, object>> values)
    {
        _owner = owner;
        _values = new(values, StringComparer.Ordinal);
    }

    /// <summary>The names of the attributes that are there.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>Whether the attribute is there.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>An integer, or <paramref name="otherwise"/> where it is not there.</summary>
    public long Integer(string name, long otherwise) => Get<long?>(name, "an integer") ?? otherwise;

    /// <summary>A float, or <paramref name="otherwise"/> where it is not there.</summary>
    public float Float(string name, float otherwise) => Get<float?>(name, "a float") ?? otherwise;

    /// <summary>A string, or <paramref name="otherwise"/> where it is not there.</summary>
    public string Text(string name, string otherwise) => Get<string>(name, "a string") ?? otherwise;

    /// <summary>A list of integers, or null where it is not there.</summary>
    public long[]? Integers(string name) => Get<long[]>(name, "a list of integers");

    /// <summary>A list of floats, or null where it is not there.</summary>
    public float[]? Floats(string name) => Get<float[]>(name, "a list of floats");

    /// <summary>A tensor, or null where it is not there.</summary>
    public OnnxTensor? Tensor(string name) => Get<OnnxTensor>(name, "a tensor");

    /// <summary>Reads a node's attributes.</summary>
    /// <exception cref="InvalidDataException">One stands there twice, has no type that is read here, or is a broken tensor.</exception>
    public static OnnxAttributes Read(string node, string source, IEnumerable<AttributeProto> attributes, OnnxTensorReader tensors)
    {
        Dictionary<string, object> values = new(StringComparer.Ordinal);
        foreach (AttributeProto attribute in attributes)
        {
            string what = $"{node}: attribute '{attribute.Name}'";
            string where = $"'{source}': {what}";
            if (attribute.RefAttrName.Length > 0)
                throw OnnxError.Of($"{where} refers to a function's attribute; functions are not read.");
            object value = attribute.Type switch
            {
                AttributeProto.Types.AttributeType.Float => attribute.F,
                AttributeProto.Types.AttributeType.Int => attribute.I,
                AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
                AttributeProto.Types.AttributeType.Tensor => tensors.Read(
                    attribute.T ?? throw OnnxError.Of($"{where} is said to be a tensor, but holds none."), what),
                AttributeProto.Types.AttributeType.Floats => attribute.Floats.ToArray(),
                AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
                AttributeProto.Types.AttributeType.Strings => attribute.Strings.Select(s => s.ToStringUtf8()).ToArray(),
                AttributeProto.Types.AttributeType.Graph => throw OnnxError.Of(
                    $"{where} is a graph of its own; control flow is not read. Export the model without it, for one path through it."),
                _ => throw OnnxError.Of($"{where} has type {(int)attribute.Type}; types 1 to 4 and 6 to 8 are read."),
            };
            if (!values.TryAdd(attribute.Name, value))
                throw OnnxError.Of($"{where} stands there twice.");
        }
        return new($"'{source}': {node}", values);
    }

    private T? Get<T>(string name, string wanted) => !_values.TryGetValue(name, out object? value) ? default
        : value is T typed ? typed
        : throw OnnxError.Of($"{_owner}: attribute '{name}' is {Describe(value)}; {wanted} was expected.");

    private static string Describe(object value) => value switch
    {
        long => "an integer",
        float => "a float",
        string => "a string",
        long[] => "a list of integers",
        float[] => "a list of floats",
        string[] => "a list of strings",
        _ => "a tensor",
    };
}
