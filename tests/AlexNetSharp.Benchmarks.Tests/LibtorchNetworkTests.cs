using AlexNetSharp.Benchmarks.Engines;
using AlexNetSharp.Benchmarks.Libtorch;
using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks.Tests;

public sealed class LibtorchNetworkTests
{
    private const int Batch = 3;

    // One test for all models: where libtorch is not part of the build, one line says so.
    [Fact]
    public void Forward_EveryModel_GivesThisEnginesLogits()
    {
        if (LibtorchRuntime.Load() is string missing)
            Assert.Skip(missing);
        Assert.All(SmallModels.Names, name =>
        {
            using Network network = SampleNetwork.Draw(SmallModels.Find(name.Data));
            using ThreadTeam team = new(1);
            FeatureShape shape = network.Spec.Input;
            float[] pixels = SampleNetwork.Pixels(shape, Batch);
            using LibtorchInference peer = new("libtorch", network, SampleNetwork.ChannelsFirst(pixels, shape), Batch);
            Agreement.Require(network, pixels, Batch, peer, team);
        });
    }
}
