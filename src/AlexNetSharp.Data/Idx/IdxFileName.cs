using System.Text.RegularExpressions;

namespace AlexNetSharp.Data;

/// <summary>The name of an IDX file, taken apart.</summary>
/// <param name="Variant">What stands before <c>train-</c>, <c>t10k-</c> or <c>test-</c>: <c>emnist-letters</c>, or nothing.</param>
/// <param name="IsTraining">Training or test.</param>
/// <param name="IsImages">Pictures or labels.</param>
/// <param name="IsZipped">Whether the name ends in <c>.gz</c>; what the file holds is another matter.</param>
internal sealed partial record IdxFileName(string Variant, bool IsTraining, bool IsImages, bool IsZipped)
{
    /// <summary>The four files of a set, as MNIST names them, and as errors list them.</summary>
    public const string Expected = "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte";

    [GeneratedRegex(@"^(?:(?<variant>.+)-)?(?<split>train|t10k|test)-(?<kind>images[-.]idx3|labels[-.]idx1)-ubyte(?<zipped>\.gz)?$")]
    private static partial Regex Pattern { get; }

    /// <summary>Takes <paramref name="name"/> apart; null where it is no such name.</summary>
    public static IdxFileName? Parse(string name)
    {
        Match match = Pattern.Match(name);
        return match.Success
            ? new IdxFileName(
                match.Groups["variant"].Value,
                match.Groups["split"].Value == "train",
                match.Groups["kind"].Value.StartsWith("images", StringComparison.Ordinal),
                match.Groups["zipped"].Success)
            : null;
    }
}
