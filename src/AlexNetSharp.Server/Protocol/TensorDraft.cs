namespace AlexNetSharp.Server;

/// <summary>An input tensor as far as it has been read: its properties come in any order.</summary>
internal sealed class TensorDraft
{
    public string? Name { get; set; }

    public string? Datatype { get; set; }

    public long[]? Shape { get; set; }

    /// <summary>Bytes of it after the JSON; null where its data stands in it.</summary>
    public long? BinarySize { get; set; }

    public bool HasData { get; set; }

    /// <summary>The lengths of nested arrays, outermost first; one where the data is flat.</summary>
    public int[] Nesting { get; set; } = [];
}
