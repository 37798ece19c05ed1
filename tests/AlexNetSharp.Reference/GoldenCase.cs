using System.Text.Json;

namespace AlexNetSharp.Reference;

/// <summary>One case of a golden file: attributes and arrays, by the keys that tests/Golden/README.md lists.</summary>
/// <remarks>Every array handed out is a fresh copy: a test may write into it.</remarks>
public sealed class GoldenCase
{
    private readonly string _kernel;
    private readonly IReadOnlyDictionary<string, JsonElement> _attributes;
    private readonly IReadOnlyDictionary<string, GoldenArray> _arrays;

    internal GoldenCase(
        string kernel, string name, IReadOnlyDictionary<string, JsonElement> attributes, IReadOnlyDictionary<string, GoldenArray> arrays)
    {
        _kernel = kernel;
        Name = name;
        _attributes = attributes;
        _arrays = arrays;
    }

    public string Name { get; }

    public IEnumerable<string> ArrayNames => _arrays.Keys;

    /// <summary>An attribute as int, double, bool or string: <c>Get&lt;int&gt;("strideHeight")</c>.</summary>
    /// <exception cref="KeyNotFoundException">The case has no such attribute.</exception>
    public T Get<T>(string key) => Find(_attributes, "attribute", key).Deserialize<T>()!;

    public bool HasArray(string key) => _arrays.ContainsKey(key);

    /// <summary>An array's sizes, outermost first.</summary>
    /// <exception cref="KeyNotFoundException">The case has no such array.</exception>
    public int[] Shape(string key) => [.. Find(_arrays, "array", key).Shape];

    /// <summary>An array's values.</summary>
    /// <exception cref="KeyNotFoundException">The case has no such array.</exception>
    public double[] Array(string key) => [.. Find(_arrays, "array", key).Values];

    /// <summary>An array's values rounded to float32; exact for every input of a kernel.</summary>
    public float[] Floats(string key) => [.. Array(key).Select(value => (float)value)];

    /// <summary>An array of labels or positions.</summary>
    public int[] Integers(string key) => [.. Array(key).Select(value => checked((int)value))];

    /// <summary>A mask of zeros and ones.</summary>
    public bool[] Mask(string key) => [.. Array(key).Select(value => value != 0.0)];

    /// <summary>What a test's name shows of this case.</summary>
    public override string ToString() => $"{_kernel}/{Name}";

    private T Find<T>(IReadOnlyDictionary<string, T> values, string kind, string key) =>
        values.TryGetValue(key, out var value)
            ? value
            : throw new KeyNotFoundException($"Golden case {this} has no {kind} '{key}'. It has: {string.Join(", ", values.Keys)}.");
}
