namespace AlexNetSharp.Interop.PyTorch;

/// <summary>A Python dictionary: pairs in the order in which they were put in.</summary>
internal sealed class PickleDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];

    /// <summary>The value that was last put under a text; null where there is none.</summary>
    public object? Find(string key) => Items.FindLast(item => key.Equals(item.Key)).Value;
}
