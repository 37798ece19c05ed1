using System.Collections.Immutable;
using System.Globalization;

namespace AlexNetSharp.Data;

/// <summary>What the labels of a set mean.</summary>
/// <param name="ClassNames">One name a class.</param>
/// <param name="FirstLabel">The label, as the file has it, of the first class.</param>
internal sealed record LabelSet(ImmutableArray<string> ClassNames, int FirstLabel = 0)
{
    private const string Digits = "0123456789";
    private const string Capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Dictionary<string, LabelSet> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mnist"] = Characters(Digits),
        ["kmnist"] = Characters(Digits),
        ["fashion-mnist"] = new(["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]),
        // Cohen et al. 2017, "EMNIST: an extension of MNIST to handwritten letters"; the two merged sets drop the small letters
        // that look like their capitals, and the letters are the one set whose labels start at 1.
        ["emnist-mnist"] = Characters(Digits),
        ["emnist-digits"] = Characters(Digits),
        ["emnist-letters"] = Characters(Capitals) with { FirstLabel = 1 },
        ["emnist-byclass"] = Characters(Digits + Capitals + "abcdefghijklmnopqrstuvwxyz"),
        ["emnist-bymerge"] = Characters(Digits + Capitals + "abdefghnqrt"),
        ["emnist-balanced"] = Characters(Digits + Capitals + "abdefghnqrt"),
    };

    /// <summary>Number of classes.</summary>
    public int Count => ClassNames.Length;

    /// <summary>The last label that a file may have.</summary>
    public int LastLabel => FirstLabel + Count - 1;

    /// <summary>What the labels of the set called <paramref name="name"/> mean; null where it is not known.</summary>
    public static LabelSet? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>The classes of an unknown set: as many as its training labels need, named by their numbers.</summary>
    public static LabelSet Numbered(ReadOnlySpan<byte> trainingLabels)
    {
        int largest = 0;
        foreach (byte label in trainingLabels)
            largest = Math.Max(largest, label);
        return new LabelSet([.. Enumerable.Range(0, largest + 1).Select(number => number.ToString(CultureInfo.InvariantCulture))]);
    }

    private static LabelSet Characters(string characters) => new([.. characters.Select(character => character.ToString())]);
}
