using AlexNetSharp.Benchmarks.Libtorch;
using AlexNetSharp.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace AlexNetSharp.Benchmarks.Engines;

/// <summary>libtorch's forward pass in inference mode.</summary>
internal sealed class LibtorchInference : IInferenceEngine
{
    private readonly LibtorchNetwork _network;
    private readonly Tensor _pixels;

    /// <param name="name">What tables call it.</param>
    /// <param name="network">The layers and weights.</param>
    /// <param name="pixels">[batch, C, H, W].</param>
    /// <param name="batch">Pictures a step.</param>
    public LibtorchInference(string name, Network network, float[] pixels, int batch)
    {
        Name = name;
        var (height, width, channels) = network.Spec.Input;
        _network = new LibtorchNetwork(network);
        _network.eval();
        _pixels = tensor(pixels, [batch, channels, height, width]);
    }

    public string Name { get; }

    public void Step()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        _network.forward(_pixels);
    }

    public float[] Logits()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        return _network.forward(_pixels).data<float>().ToArray();
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _network.Dispose();
    }
}
