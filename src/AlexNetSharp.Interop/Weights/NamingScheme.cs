using System.Collections.Immutable;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Weights;

/// <summary>What others call the layers of an AlexNet.</summary>
/// <param name="Convolutions">The convolutions, first to last.</param>
/// <param name="Dense">The dense layers, first to last.</param>
internal sealed record NamingScheme(ImmutableArray<string> Convolutions, ImmutableArray<string> Dense)
{
    private static readonly ImmutableArray<NamingScheme> _known =
    [
        // torchvision, and what follows it on Hugging Face.
        new(["features.0", "features.3", "features.6", "features.8", "features.10"], ["classifier.1", "classifier.4", "classifier.6"]),
        // The network of 2012 written in torchvision's manner: LRN among the features.
        new(["features.0", "features.4", "features.8", "features.10", "features.12"], ["classifier.1", "classifier.4", "classifier.6"]),
        new(["features.0", "features.4", "features.8", "features.10", "features.12"], ["classifier.0", "classifier.3", "classifier.6"]),
        // Caffe's names, with and without the features' and the classifier's in front.
        new(["conv1", "conv2", "conv3", "conv4", "conv5"], ["fc6", "fc7", "fc8"]),
        new(["features.conv1", "features.conv2", "features.conv3", "features.conv4", "features.conv5"], ["classifier.fc6", "classifier.fc7", "classifier.fc8"]),
        new(["features.conv1", "features.conv2", "features.conv3", "features.conv4", "features.conv5"], ["classifier.fc1", "classifier.fc2", "classifier.fc3"]),
    ];

    /// <summary>The file's name of each of <paramref name="layers"/>: ours, the first known scheme that the file has whole, or by the layers' order; null where none of them will do.</summary>
    public static ImmutableArray<string>? Find(ImmutableArray<LayerShape> layers, IReadOnlyDictionary<string, NamedTensor> tensors)
    {
        ImmutableArray<LayerShape> convolutions = [.. layers.Where(layer => layer.Layer is Convolution2D)], dense = [.. layers.Where(layer => layer.Layer is Dense)];
        if (convolutions.Length + dense.Length != layers.Length)
            return null;
        NamingScheme ours = new([.. convolutions.Select(layer => layer.Layer.Name)], [.. dense.Select(layer => layer.Layer.Name)]);
        NamingScheme? found = _known.Insert(0, ours).Append(ByOrder(tensors)).FirstOrDefault(scheme =>
            scheme.Convolutions.Length == convolutions.Length && scheme.Dense.Length == dense.Length
            && scheme.Convolutions.Concat(scheme.Dense).All(name => tensors.ContainsKey($"{name}.weight")));
        if (found is null)
            return null;
        Queue<string> ofConvolutions = new(found.Convolutions), ofDense = new(found.Dense);
        return [.. layers.Select(layer => (layer.Layer is Convolution2D ? ofConvolutions : ofDense).Dequeue())];
    }

    // Weights of four dimensions are a convolution's, those of two a dense layer's; each kind in the order of the file.
    private static NamingScheme ByOrder(IReadOnlyDictionary<string, NamedTensor> tensors)
    {
        const string Weight = ".weight";
        return new(OfRank(4), OfRank(2));

        ImmutableArray<string> OfRank(int rank) =>
            [.. tensors.Where(tensor => tensor.Value.Shape.Length == rank && tensor.Key.EndsWith(Weight, StringComparison.Ordinal)).Select(tensor => tensor.Key[..^Weight.Length])];
    }
}
