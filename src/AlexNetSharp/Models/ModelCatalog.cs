using System.Collections.Immutable;

namespace AlexNetSharp.Models;

/// <summary>The models this software knows by name.</summary>
public static class ModelCatalog
{
    /// <summary>The name of the tutorial's network.</summary>
    public const string AlexNetMnistName = "alexnet-mnist";

    /// <summary>All names.</summary>
    public static ImmutableArray<string> Names { get; } = [AlexNetMnistName];

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

    /// <summary>The model called <paramref name="name"/>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="classes">What the outputs stand for.</param>
    /// <exception cref="InvalidModelException">No model has that name; the message lists those that there are.</exception>
    public static ModelSpec Create(string name, ImmutableArray<string> classes) => name switch
    {
        AlexNetMnistName => AlexNetMnist(classes),
        _ => throw new InvalidModelException($"There is no model called '{name}'. Known are: {string.Join(", ", Names)}."),
    };
}
