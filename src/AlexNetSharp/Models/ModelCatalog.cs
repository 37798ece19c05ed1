using System.Collections.Immutable;

namespace AlexNetSharp.Models;

/// <summary>The models this software knows by name.</summary>
public static class ModelCatalog
{
    /// <summary>The name of the tutorial's network.</summary>
    public const string AlexNetMnistName = "alexnet-mnist";

    /// <summary>The name of AlexNet as torchvision has it.</summary>
    public const string AlexNetOwtName = "alexnet-owt";

    /// <summary>The name of AlexNet as it was published.</summary>
    public const string AlexNet2012Name = "alexnet-2012";

    /// <summary>The name of AlexNet as Caffe has it.</summary>
    public const string CaffeNetName = "caffenet";

    /// <summary>The name of the network for small colour pictures.</summary>
    public const string AlexNetCifarName = "alexnet-cifar";

    private const int TenClasses = 10;
    private const int ImageNetClasses = 1000;

    // What ImageNet's pictures are brought to before a crop is taken: Krizhevsky et al. 2012, §2; torchvision.
    private const int ImageNetSide = 256;

    // ImageNet's mean and deviation by channel, of bytes / 255, as torchvision's models were trained with.
    private static readonly ImmutableArray<float> ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly ImmutableArray<float> ImageNetDeviation = [0.229f, 0.224f, 0.225f];

    // Makes of (byte / 255 − mean) / deviation the bytes less their mean, which the network of 2012 and its LRN were made for.
    private static readonly ImmutableArray<float> BytesDeviation = [1 / 255f, 1 / 255f, 1 / 255f];

    /// <summary>All names.</summary>
    public static ImmutableArray<string> Names { get; } = [AlexNetMnistName, AlexNetCifarName, AlexNet2012Name, CaffeNetName, AlexNetOwtName];

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
    /// <remarks>
    /// No LRN and no groups, unlike the network of 2012; dropout precedes the first two dense layers. Pictures of other sizes, from 63x63 on, are
    /// brought to the first dense layer by average pooling, which does nothing at 224x224.
    /// </remarks>
    /// <param name="classes">What the outputs stand for.</param>
    /// <param name="width">Divides every layer's width; 1 is the published network, larger ones serve tests.</param>
    public static ModelSpec AlexNetOwt(ImmutableArray<string> classes, int width = 1) => new()
    {
        Name = AlexNetOwtName,
        Input = new FeatureShape(224, 224, 3),
        Preprocessing = new Preprocessing { Mean = ImageNetMean, Deviation = ImageNetDeviation, Fit = PictureFit.Crop, ResizeTo = ImageNetSide },
        Classes = classes,
        Layers =
        [
            new Convolution2D { Name = "conv1", Filters = 64 / width, Kernel = 11, Stride = 4, Padding = Padding.All(2) },
            new Relu { Name = "relu1" },
            Pool(1),
            new Convolution2D { Name = "conv2", Filters = 192 / width, Kernel = 5, Stride = 1, Padding = Padding.All(2) },
            new Relu { Name = "relu2" },
            Pool(2),
            new Convolution2D { Name = "conv3", Filters = 384 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1) },
            new Relu { Name = "relu3" },
            new Convolution2D { Name = "conv4", Filters = 256 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1) },
            new Relu { Name = "relu4" },
            new Convolution2D { Name = "conv5", Filters = 256 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1) },
            new Relu { Name = "relu5" },
            Pool(5),
            new AdaptiveAveragePool2D { Name = "avgpool", OutputHeight = 6, OutputWidth = 6 },
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

    /// <summary>
    /// AlexNet as it was published: Krizhevsky, Sutskever and Hinton 2012, "ImageNet classification with deep convolutional neural networks".
    /// 60,965,224 parameters with a thousand classes.
    /// </summary>
    /// <remarks>
    /// LRN follows the ReLU of the first two convolutions and precedes their pooling; its α is not divided by the window, as the paper's
    /// formula has it. Dropout follows the ReLU of the first two dense layers: it is their outputs that the paper sets to zero (§4.2).
    /// </remarks>
    /// <param name="classes">What the outputs stand for.</param>
    /// <param name="width">Divides every layer's width; 1 is the published network, larger ones serve tests.</param>
    public static ModelSpec AlexNet2012(ImmutableArray<string> classes, int width = 1) =>
        OfGroups(AlexNet2012Name, classes, width, number => [Norm(number, bias: 2, alpha: 1e-4f), Pool(number)]);

    /// <summary>AlexNet as Caffe has it (<c>bvlc_reference_caffenet</c>): pooling precedes LRN, for half the work of the latter. 60,965,224 parameters with a thousand classes.</summary>
    /// <remarks>Caffe's k is 1 where it is not given, and its α of 1e-4 is divided by the window of five; here that quotient stands.</remarks>
    /// <param name="classes">What the outputs stand for.</param>
    /// <param name="width">Divides every layer's width; 1 is the published network, larger ones serve tests.</param>
    public static ModelSpec CaffeNet(ImmutableArray<string> classes, int width = 1) =>
        OfGroups(CaffeNetName, classes, width, number => [Pool(number), Norm(number, bias: 1, alpha: 1e-4f / 5)]);

    /// <summary>AlexNet's build for colour pictures of 32x32, such as CIFAR-10's: ours, not published. 2,986,506 parameters with ten classes.</summary>
    /// <remarks>
    /// Five convolutions, all 3x3 with stride 1; pooling windows that overlap; no LRN, as in the network of 2014; dropout before the first two
    /// dense layers. Pictures of other sizes are brought to the first dense layer by average pooling, which does nothing at 32x32.
    /// </remarks>
    /// <param name="classes">What the outputs stand for.</param>
    /// <param name="width">Divides every layer's width; larger ones serve tests.</param>
    public static ModelSpec AlexNetCifar(ImmutableArray<string> classes, int width = 1) => new()
    {
        Name = AlexNetCifarName,
        Input = new FeatureShape(32, 32, 3),
        Classes = classes,
        Layers =
        [
            new Convolution2D { Name = "conv1", Filters = 64 / width, Kernel = 3, Stride = 1, Padding = Padding.Same },
            new Relu { Name = "relu1" },
            new MaxPool2D { Name = "pool1", Window = 3, Stride = 2, Padding = Padding.Same },
            new Convolution2D { Name = "conv2", Filters = 128 / width, Kernel = 3, Stride = 1, Padding = Padding.Same },
            new Relu { Name = "relu2" },
            new MaxPool2D { Name = "pool2", Window = 3, Stride = 2, Padding = Padding.Same },
            new Convolution2D { Name = "conv3", Filters = 256 / width, Kernel = 3, Stride = 1, Padding = Padding.Same },
            new Relu { Name = "relu3" },
            new Convolution2D { Name = "conv4", Filters = 192 / width, Kernel = 3, Stride = 1, Padding = Padding.Same },
            new Relu { Name = "relu4" },
            new Convolution2D { Name = "conv5", Filters = 192 / width, Kernel = 3, Stride = 1, Padding = Padding.Same },
            new Relu { Name = "relu5" },
            new MaxPool2D { Name = "pool5", Window = 3, Stride = 2, Padding = Padding.Same },
            new AdaptiveAveragePool2D { Name = "avgpool", OutputHeight = 4, OutputWidth = 4 },
            new Flatten { Name = "flatten" },
            new Dropout { Name = "drop1", Keep = 0.5f },
            new Dense { Name = "fc1", Units = 512 / width },
            new Relu { Name = "relu6" },
            new Dropout { Name = "drop2", Keep = 0.5f },
            new Dense { Name = "fc2", Units = 512 / width },
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
        AlexNetCifarName => AlexNetCifar(classes),
        AlexNet2012Name => AlexNet2012(classes),
        CaffeNetName => CaffeNet(classes),
        AlexNetOwtName => AlexNetOwt(classes),
        _ => throw new InvalidModelException($"There is no model called '{name}'. Known are: {string.Join(", ", Names)}."),
    };

    /// <summary>The model called <paramref name="name"/> with as many classes as it was published with, called 0, 1, 2, …: for when there is no data to name them.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InvalidModelException">No model has that name; the message lists those that there are.</exception>
    public static ModelSpec Create(string name) =>
        Create(name, ModelSpec.Numbers(name is AlexNetMnistName or AlexNetCifarName ? TenClasses : ImageNetClasses));

    // The network of 2012, whose authors' two processors saw half of the channels each in conv2, conv4 and conv5. stage: what stands between
    // one of the first two ReLUs and the next convolution.
    private static ModelSpec OfGroups(string name, ImmutableArray<string> classes, int width, Func<int, ImmutableArray<Layer>> stage) => new()
    {
        Name = name,
        Input = new FeatureShape(227, 227, 3),
        Preprocessing = new Preprocessing { Mean = ImageNetMean, Deviation = BytesDeviation, Fit = PictureFit.Crop, ResizeTo = ImageNetSide },
        Classes = classes,
        Layers =
        [
            new Convolution2D { Name = "conv1", Filters = 96 / width, Kernel = 11, Stride = 4, Padding = Padding.Valid },
            new Relu { Name = "relu1" },
            .. stage(1),
            new Convolution2D { Name = "conv2", Filters = 256 / width, Kernel = 5, Stride = 1, Padding = Padding.All(2), Groups = 2, InitialBias = 1 },
            new Relu { Name = "relu2" },
            .. stage(2),
            new Convolution2D { Name = "conv3", Filters = 384 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1) },
            new Relu { Name = "relu3" },
            new Convolution2D { Name = "conv4", Filters = 384 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1), Groups = 2, InitialBias = 1 },
            new Relu { Name = "relu4" },
            new Convolution2D { Name = "conv5", Filters = 256 / width, Kernel = 3, Stride = 1, Padding = Padding.All(1), Groups = 2, InitialBias = 1 },
            new Relu { Name = "relu5" },
            Pool(5),
            new Flatten { Name = "flatten" },
            new Dense { Name = "fc1", Units = 4096 / width, InitialBias = 1 },
            new Relu { Name = "relu6" },
            new Dropout { Name = "drop1", Keep = 0.5f },
            new Dense { Name = "fc2", Units = 4096 / width, InitialBias = 1 },
            new Relu { Name = "relu7" },
            new Dropout { Name = "drop2", Keep = 0.5f },
            new Dense { Name = "fc3", Units = classes.Length },
        ],
    };

    private static MaxPool2D Pool(int number) => new() { Name = $"pool{number}", Window = 3, Stride = 2, Padding = Padding.Valid };

    private static LocalResponseNorm Norm(int number, float bias, float alpha) => new() { Name = $"norm{number}", Radius = 2, Bias = bias, Alpha = alpha, Beta = 0.75f };
}
