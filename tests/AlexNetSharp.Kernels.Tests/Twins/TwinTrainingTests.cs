using System.IO.Compression;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Twins;

/// <summary>The twins put together: ten training steps of alexnet-mnist at an eighth of its width, as PyTorch took them in float64.</summary>
public sealed class TwinTrainingTests
{
    // The longer arrays of that file are rounded to float32; a number on the edge between two may fall on either.
    private const double RoundedInTheFile = 1.01 * Tolerances.UnitRoundoff;

    private readonly GoldenCase _golden = GoldenFile.Load("training_steps", "alexnet_mnist_eighth_width");
    private readonly Dictionary<string, double[]> _weights = [];
    private readonly Dictionary<string, double[]> _gradients = [];
    private readonly Stack<Func<double[], double[]>> _backward = [];

    [Fact]
    public void TenSteps_OfAlexNetMnist_AgreeWithPyTorch()
    {
        (int batch, int steps) = (_golden.Get<int>("batch"), _golden.Get<int>("steps"));
        string[] names = [.. _golden.ArrayNames.Where(name => name.StartsWith("initial.", StringComparison.Ordinal)).Select(name => name["initial.".Length..])];
        Dictionary<string, double[]> first = [], second = [];
        foreach (string name in names)
        {
            _weights[name] = _golden.Array("initial." + name);
            first[name] = new double[_weights[name].Length];
            second[name] = new double[_weights[name].Length];
        }
        double[] pixels = Pixels(_golden.Get<int>("firstImage"), batch * steps), losses = new double[steps];
        int[] labels = _golden.Integers("labels");
        for (int t = 1; t <= steps; t++)
        {
            double[] logits = Forward(pixels[((t - 1) * batch * 784)..(t * batch * 784)], batch);
            int[] rows = labels[((t - 1) * batch)..(t * batch)];
            (double[] rowLosses, double[] probabilities) = ReferenceSoftmaxCrossEntropy.Forward(logits, rows, 10);
            losses[t - 1] = rowLosses.Average();
            double[] gradient = ReferenceSoftmaxCrossEntropy.Gradient(probabilities, rows, 10);
            while (_backward.TryPop(out Func<double[], double[]>? layer))
                gradient = layer(gradient);
            if (t == 1)
                CheckFirstStep(logits, names);
            foreach (string name in names)
            {
                ReferenceAdam.TensorFlowUpdate(
                    _weights[name], _gradients[name], first[name], second[name], t,
                    _golden.Get<double>("learningRate"), _golden.Get<double>("beta1"), _golden.Get<double>("beta2"), _golden.Get<double>("epsilon"));
            }
        }
        Assert.True(RelativeError.OfLargest(_golden.Array("losses"), losses) <= Tolerances.TwinAgainstGolden);
        foreach (string name in names)
            Assert.True(RelativeError.OfLargest(_golden.Array("final." + name), _weights[name]) <= RoundedInTheFile, $"final {name}");
    }

    private void CheckFirstStep(double[] logits, string[] names)
    {
        Assert.True(RelativeError.OfLargest(_golden.Array("firstLogits"), logits) <= Tolerances.TwinAgainstGolden);
        foreach (string name in names.Where(name => _golden.HasArray("firstGradient." + name)))
            Assert.True(RelativeError.OfLargest(_golden.Array("firstGradient." + name), _gradients[name]) <= RoundedInTheFile, $"first gradient of {name}");
    }

    private double[] Forward(double[] x, int batch)
    {
        (int size, int channels) = (28, 1);
        for (int block = 1; block <= 3; block++)
        {
            ReferenceConvolutionShape shape = new(batch, size, size, channels, 4 << block, 3, 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1);
            x = Block($"conv{block}", x, shape);
            (size, channels) = ((size + 1) / 2, shape.OutputChannels);
        }
        x = Dense("dense1", x, batch, size * size * channels, 128, relu: true);
        x = Dense("dense2", x, batch, 128, 128, relu: true);
        return Dense("dense3", x, batch, 128, 10, relu: false);
    }

    private double[] Block(string name, double[] x, ReferenceConvolutionShape s)
    {
        (int radius, double bias, double alpha, double beta) =
            (_golden.Get<int>("lrnRadius"), _golden.Get<double>("lrnBias"), _golden.Get<double>("lrnAlpha"), _golden.Get<double>("lrnBeta"));
        double[] y = ReferenceActivation.ReluForward(ReferenceConvolution2D.Forward(x, _weights[name + ".weights"], _weights[name + ".bias"], s));
        ReferencePoolShape pool = new(s.Batch, s.OutputHeight, s.OutputWidth, s.OutputChannels, 2, 2, 2, 2, PadBottom: s.OutputHeight % 2, PadRight: s.OutputWidth % 2);
        (double[] pooled, int[] argmax) = ReferenceMaxPool2D.Forward(y, pool);
        _backward.Push(dy =>
        {
            dy = ReferenceLocalResponseNormalization.Backward(pooled, dy, s.OutputChannels, radius, bias, alpha, beta);
            dy = ReferenceActivation.ReluBackward(y, ReferenceMaxPool2D.Backward(dy, argmax, pool));
            _gradients[name + ".weights"] = ReferenceConvolution2D.WeightGradient(x, dy, s);
            _gradients[name + ".bias"] = ReferenceConvolution2D.BiasGradient(dy, s);
            return ReferenceConvolution2D.DataGradient(dy, _weights[name + ".weights"], s);
        });
        return ReferenceLocalResponseNormalization.Forward(pooled, s.OutputChannels, radius, bias, alpha, beta);
    }

    private double[] Dense(string name, double[] x, int rows, int inputs, int outputs, bool relu)
    {
        double[] y = ReferenceDense.Forward(x, _weights[name + ".weights"], _weights[name + ".bias"], rows, inputs, outputs);
        if (relu)
            y = ReferenceActivation.ReluForward(y);
        _backward.Push(dy =>
        {
            if (relu)
                dy = ReferenceActivation.ReluBackward(y, dy);
            _gradients[name + ".weights"] = ReferenceDense.WeightGradient(x, dy, rows, inputs, outputs);
            _gradients[name + ".bias"] = ReferenceDense.BiasGradient(dy, rows, outputs);
            return ReferenceDense.DataGradient(dy, _weights[name + ".weights"], rows, inputs, outputs);
        });
        return y;
    }

    private static double[] Pixels(int first, int count)
    {
        string path = Path.Combine(GoldenFile.Folder, "..", "..", "data", "mnist", "train-images-idx3-ubyte.gz");
        using GZipStream images = new(File.OpenRead(path), CompressionMode.Decompress);
        // A header of 16 bytes, then 784 an image.
        byte[] bytes = new byte[16 + ((first + count) * 784)];
        images.ReadExactly(bytes);
        return [.. bytes[(16 + (first * 784))..].Select(pixel => (double)(pixel / 255f))];
    }
}
