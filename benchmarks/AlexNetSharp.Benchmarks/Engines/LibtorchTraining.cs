using AlexNetSharp.Benchmarks.Libtorch;
using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Execution;
using AlexNetSharp.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>libtorch's training step: forward with dropout, cross-entropy, backward, update; the loss is read, as a training loop does.</summary>
internal sealed class LibtorchTraining : IEngine
{
    private readonly LibtorchNetwork _network;
    private readonly Tensor _pixels;
    private readonly Tensor _labels;
    private readonly optim.Optimizer _optimizer;

    /// <param name="name">What tables call it.</param>
    /// <param name="network">The layers and weights.</param>
    /// <param name="pixels">[batch, C, H, W].</param>
    /// <param name="workload">Batch, optimiser and rate.</param>
    public LibtorchTraining(string name, Network network, float[] pixels, Workload workload)
    {
        Name = name;
        int batch = workload.Batch;
        var (height, width, channels) = network.Spec.Input;
        _network = new LibtorchNetwork(network);
        _network.train();
        _pixels = tensor(pixels, [batch, channels, height, width]);
        int classes = network.Spec.Classes.Length;
        _labels = tensor([.. Enumerable.Range(0, batch).Select(i => (long)(i % classes))]);
        _optimizer = workload.Optimizer switch
        {
            AdamOptions adam => optim.Adam(_network.parameters(), workload.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon),
            SgdOptions sgd => optim.SGD(_network.parameters(), workload.LearningRate, sgd.Momentum, weight_decay: sgd.WeightDecay),
            _ => throw new ArgumentException($"libtorch is given no counterpart of {workload.Optimizer.GetType().Name} here.", nameof(workload)),
        };
    }

    public string Name { get; }

    public void Step()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor loss = F.cross_entropy(_network.forward(_pixels), _labels);
        loss.backward();
        _optimizer.step();
        loss.item<float>();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _labels.Dispose();
        _pixels.Dispose();
        _network.Dispose();
    }
}
