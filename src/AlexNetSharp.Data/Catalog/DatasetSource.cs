using System.Collections.Immutable;

namespace AlexNetSharp.Data;

/// <summary>A data set with a name: what it consists of and where it is downloaded from.</summary>
/// <param name="Name">What a user asks for, and the directory's name.</param>
/// <param name="Files">Its files.</param>
/// <param name="Mirrors">Addresses, ending in a slash, that the file names are appended to, in the order in which they are tried.</param>
public sealed record DatasetSource(string Name, ImmutableArray<DatasetFile> Files, ImmutableArray<Uri> Mirrors)
{
    /// <summary>MNIST: handwritten digits (LeCun, Cortes and Burges), 60,000 and 10,000 pictures of 28x28.</summary>
    public static DatasetSource Mnist { get; } = new(
        "mnist",
        MnistFiles(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")]);

    /// <summary>Fashion-MNIST: pictures of clothes (Xiao, Rasul and Vollgraf 2017), in MNIST's sizes and format.</summary>
    public static DatasetSource FashionMnist { get; } = new(
        "fashion-mnist",
        MnistFiles(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        [
            new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        ]);

    /// <summary>All sets that are known by name.</summary>
    public static ImmutableArray<DatasetSource> All { get; } = [Mnist, FashionMnist];

    /// <summary>The four files that MNIST and its likes consist of: 60,000 and 10,000 pictures of 28x28 with their labels.</summary>
    private static ImmutableArray<DatasetFile> MnistFiles(string trainingImages, string trainingLabels, string testImages, string testLabels) =>
    [
        new("train-images-idx3-ubyte.gz", 16 + 60_000 * 28 * 28, trainingImages),
        new("train-labels-idx1-ubyte.gz", 8 + 60_000, trainingLabels),
        new("t10k-images-idx3-ubyte.gz", 16 + 10_000 * 28 * 28, testImages),
        new("t10k-labels-idx1-ubyte.gz", 8 + 10_000, testLabels),
    ];
}
