using System.Collections.Immutable;
using System.Globalization;

namespace AlexNetSharp.Models;

/// <summary>The models this software knows by name.</summary>
public static class ModelCatalog
{
    /// <summary>The name of the tutorial's network.</summary>
    public const string AlexNetMnistName = "alexnet-mnist";

    /// <summary>The name of AlexNet as torchvision has it.</summary>
    public const string AlexNetOwtName = "alexnet-owt";

    private const int Digits = 10;
    private const int ImageNetClasses = 1000;

    /// <summary>All names.</summary>
    public static ImmutableArray<string> Names { get; } = [AlexNetMnistName, AlexNetOwtName];

    /// <summary>
    /// The network of the tutorial "AlexNet in TensorFlow": AlexNet cut down to 28x28 grey pictures. 5,624,842 parameters with ten classes.
    /// </summary>
    /// <remarks>LRN's α is TensorFlow's, not divided by the window; dropout follows each LRN and stands nowhere else.</remarks>
    /// <param name="classes">What the outputs stand for.</param>
    /// <param name="width">Divides every layer's width; 1 is the tutorial's network, larger ones serve tests.</param>
    public static ModelSpec AlexNetMnist(ImmutableArray<string> classes, int width = 1)
    {
        ImmutableArray<Layer>.Builder layers = ImmutableArray.CreateBuilder<Layer>();
        int[] filters = [64, 128, 256];
        for (int i = 1; i <= filters.Length; i++)
        {
            layers.Add(new Convolution2D { Name = $"conv{i}", Filters = filters[i - 1] / width, Kernel = 3, Stride = 1, Padding = Padding.Same });
            layers.Add(new Relu { Name = $"relu{i}" });
            layers.Add(new MaxPool2D { Name = $"pool{i}", Window = 2, Stride = 2, Padding = Padding.Same });
            layers.Add(new LocalResponseNorm { Name = $"norm{i}", Radius = 4, Bias = 1, Alpha = 0.001f / 9, Beta = 0.75f });
            layers.Add(new Dropout { Name = $"drop{i}", Keep = 0.8f });
        }
        layers.Add(new Flatten { Name = "flatten" });
        layers.Add(new Dense { Name = "fc1", Units = 1024 / width });
        layers.Add(new Relu { Name = "relu4" });
        layers.Add(new Dense { Name = "fc2", Units = 1024 / width });
        layers.Add(new Relu { Name = "relu5" });
        layers.Add(new Dense { Name = "fc3", Units = classes.Length });
        return new ModelSpec { Name = AlexNetMnistName, Input = new FeatureShape(28, 28, 1), Classes = classes, Layers = layers.ToImmutable() };
    }

    /// <summary>
    /// AlexNet for ImageNet on one processor, as torchvision has it: the network of Krizhevsky 2014, "One weird trick for parallelizing
    /// convolutional neural networks". 61,100,840 parameters with a thousand classes.
    /// </summary>
    /// <remarks>No LRN and no groups, unlike the network of 2012; dropout precedes the first two dense layers.</remarks>
    /// <param name="classes">What the outputs stand for.</param>
    /// <param name="width">Divides every layer's width; 1 is the published network, larger ones serve tests.</param>
    public static ModelSpec AlexNetOwt(ImmutableArray<string> classes, int width = 1) => new()
    {
        Name = AlexNetOwtName,
        Input = new FeatureShape(224, 224, 3),
        Classes = classes,
        Layers =
        [
            new Convolution2D { Name = "conv1", Filters = 64 / width, Kernel = 11, Stride = 4, Padding = Padding.All(2) },
            new Relu { Name = "relu1" },
            new MaxPool2D { Name = "pool1", Window = 3, Stride = 2, Padding = Padding.Valid },
            new Convolution2D { Name = "conv2", Filters = 192 / width, Kernel = 5, Stride = 1, Padding = Padding.All(2) },
            new Relu { Name = "relu2" },
            new MaxPool2D { Name = "pool2", Window = 3, Stride = 2, Padding = Padding.Valid },
            new Convolution2D { Name = "conv3", Filters = 384 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1) },
            new Relu { Name = "relu3" },
            new Convolution2D { Name = "conv4", Filters = 256 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1) },
            new Relu { Name = "relu4" },
            new Convolution2D { Name = "conv5", Filters = 256 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1) },
            new Relu { Name = "relu5" },
            new MaxPool2D { Name = "pool5", Window = 3, Stride = 2, Padding = Padding.Valid },
            new Flatten { Name = "flatten" },
            new Dropout { Name = "drop1", Keep = 0.5f },
            new Dense { Name = "fc1", Units = 4096 / width },
            new Relu { Name = "relu6" },
            new Dropout { Name = "drop2", Keep = 0.5f },
            new Dense { Name = "fc2", Units = 4096 / width },
            new Relu { Name = "relu7" },
            new Dense { Name = "fc3", Units = classes.Length },
        ],
    };

    /// <summary>The model called <paramref name="name"/>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="classes">What the outputs stand for.</param>
    /// <exception cref="InvalidModelException">No model has that name; the message lists those that there are.</exception>
    public static ModelSpec Create(string name, ImmutableArray<string> classes) => name switch
    {
        AlexNetMnistName => AlexNetMnist(classes),
        AlexNetOwtName => AlexNetOwt(classes),
        _ => throw new InvalidModelException($"There is no model called '{name}'. Known are: {string.Join(", ", Names)}."),
    };

    /// <summary>The model called <paramref name="name"/> with as many classes as it was published with, called 0, 1, 2, …: for when there is no data to name them.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InvalidModelException">No model has that name; the message lists those that there are.</exception>
    public static ModelSpec Create(string name)
    {
        int classes = name == AlexNetOwtName ? ImageNetClasses : Digits;
        return Create(name, [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    }
}
