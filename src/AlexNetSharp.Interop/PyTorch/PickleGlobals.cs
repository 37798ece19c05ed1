using System.Numerics;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>The few names of Python that tensors need, and what calling them gives. There is nothing else that a pickle could call.</summary>
internal static class PickleGlobals
{
    private const int MaximalRank = 64;

    private const string OrderedDict = "collections.OrderedDict";
    private const string RebuildTensor = "torch._utils._rebuild_tensor";
    private const string RebuildTensorV2 = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string Size = "torch.Size";
    private const string Device = "torch.device";
    private const string Torch = "torch.";

    /// <summary>What messages say of those that are known.</summary>
    public const string Known = "collections.OrderedDict, torch's storages, torch.Size, torch.device, torch._utils._rebuild_tensor, _rebuild_tensor_v2 and _rebuild_parameter";

    /// <summary>Whether a name is known.</summary>
    public static bool Knows(string global) =>
        global is OrderedDict or RebuildTensor or RebuildTensorV2 or RebuildParameter or Size or Device || StorageOf(global) is not null;

    /// <summary>The type of a storage class; null for other names.</summary>
    public static StorageType? StorageOf(string global) => global.StartsWith(Torch, StringComparison.Ordinal) ? StorageType.Find(global[Torch.Length..]) : null;

    /// <summary>What a known name makes of its arguments.</summary>
    /// <exception cref="FormatException">The arguments do not suit.</exception>
    public static object? Call(string global, object?[] arguments) => (global, arguments) switch
    {
        (OrderedDict, []) => new PickleDictionary(),
        (OrderedDict, [List<object?> pairs]) => Dictionary(pairs),
        (RebuildTensor, [PickledStorage storage, long offset, object?[] sizes, object?[] strides]) => Tensor(storage, offset, sizes, strides),
        (RebuildTensorV2, [PickledStorage storage, long offset, object?[] sizes, object?[] strides, ..]) => Tensor(storage, offset, sizes, strides),
        (RebuildParameter, [PickledTensor tensor, ..]) => tensor,
        (Size, [object?[] sizes]) => sizes,
        (Device, [string, ..]) => null,
        _ => throw new FormatException($"{global} is called with ({string.Join(", ", arguments.Take(8).Select(Describe))}), which it does not take"),
    };

    /// <summary>What a persistent id stands for: a storage.</summary>
    /// <exception cref="FormatException">It does not stand for one.</exception>
    public static PickledStorage Storage(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts is not ["storage", PickleGlobal type, string key, string, long length, ..] || StorageOf(type.Name) is not StorageType storageType)
            throw new FormatException($"the persistent id is {Describe(id)}; expected ('storage', type, key, location, length)");
        if (length < 0 || length > long.MaxValue / storageType.Size)
            throw new FormatException($"storage '{key}' has {length} values; expected a number from 0 whose bytes can be counted");
        switch (parts)
        {
            case [_, _, _, _, _] or [_, _, _, _, _, null]:
                return new PickledStorage(storageType, key, length, 0, length);
            case [_, _, _, _, _, object?[] and [string, long offset, long count]] when offset >= 0 && count >= 0 && offset <= length && count <= length - offset:
                return new PickledStorage(storageType, key, length, offset, count);
            default:
                throw new FormatException($"storage '{key}' of {length} values has a view that lies outside of it, or is none");
        }
    }

    /// <summary>What a value is, for messages.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        string text => $"'{(text.Length <= 40 ? text : text[..40] + "…")}'",
        long or BigInteger or double or bool => $"{value}",
        object?[] tuple => $"a tuple of {tuple.Length}",
        List<object?> list => $"a list of {list.Count}",
        PickleDictionary dictionary => $"a dictionary of {dictionary.Items.Count}",
        PickledTensor => "a tensor",
        PickledStorage => "a storage",
        PickleGlobal global => global.Name,
        _ => "something else",
    };

    private static PickleDictionary Dictionary(List<object?> pairs)
    {
        PickleDictionary dictionary = new();
        foreach (object? pair in pairs)
        {
            // Python 2 wrote lists of two, others tuples.
            (object? key, object? value) = pair switch
            {
                List<object?> { Count: 2 } list => (list[0], list[1]),
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                _ => throw new FormatException($"{OrderedDict} is made of {Describe(pair)}; expected pairs of a name and a value"),
            };
            dictionary.Items.Add((key, value));
        }
        return dictionary;
    }

    private static PickledTensor Tensor(PickledStorage storage, long offset, object?[] sizes, object?[] strides)
    {
        if (sizes.Length != strides.Length || sizes.Length > MaximalRank)
            throw new FormatException($"a tensor has {sizes.Length} sizes and {strides.Length} strides; expected as many of both, {MaximalRank} at most");
        int[] shape = [.. sizes.Select(size => size is long and >= 0 and <= int.MaxValue ? (int)(long)size : throw new FormatException($"a size is {Describe(size)}; expected a whole number from 0 to {int.MaxValue}"))];
        long[] steps = [.. strides.Select(stride => stride is long and >= 0 ? (long)stride : throw new FormatException($"a stride is {Describe(stride)}; expected a whole number from 0"))];
        string text = $"a tensor of shape [{string.Join(',', shape)}], strides [{string.Join(',', steps)}] and offset {offset}";
        try
        {
            long count = shape.Aggregate(1L, (product, size) => checked(product * size)), last = offset;
            for (int i = 0; i < shape.Length; i++)
                last = checked(last + ((Math.Max(shape[i], 1) - 1) * steps[i]));
            if (offset < 0 || offset > storage.ViewLength || (count > 0 && last >= storage.ViewLength))
                throw new FormatException($"{text} reaches beyond storage '{storage.Key}' of {storage.ViewLength} values");
        }
        catch (OverflowException)
        {
            throw new FormatException($"{text} has more values than can be counted");
        }
        return new PickledTensor(storage, offset, shape, steps);
    }
}
