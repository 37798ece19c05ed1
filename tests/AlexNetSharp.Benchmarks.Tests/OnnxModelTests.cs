using AlexNetSharp.Benchmarks.Engines;
using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks.Tests;

public sealed class OnnxModelTests
{
    private const int Batch = 3;

    [Theory]
    [MemberData(nameof(SmallModels.Names), MemberType = typeof(SmallModels))]
    public void Step_Model_GivesThisEnginesLogits(string name)
    {
        using Network network = SampleNetwork.Draw(SmallModels.Find(name));

        double difference = Difference(network);

        Assert.True(difference <= Agreement.Tolerance(network.Spec), $"{difference:E2} of the largest logit");
    }

    // Were the tolerance so wide that LRN could be left out, it would guard nothing: alexnet-mnist's own α is the smallest that there is.
    [Theory]
    [InlineData("Lrn")]
    [InlineData("alexnet-mnist")]
    public void Require_PeerThatLeavesLrnOut_Refuses(string name)
    {
        ModelSpec spec = SmallModels.Find(name);
        using Network network = SampleNetwork.Draw(spec), without = SampleNetwork.Draw(SampleNetwork.WithoutLrn(spec));
        using ThreadTeam team = new(1);
        float[] pixels = SampleNetwork.Pixels(spec.Input, Batch);
        using OnnxRuntimeInference peer = new("peer", without, SampleNetwork.ChannelsFirst(pixels, spec.Input), Batch, threads: 1);

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Agreement.Require(network, pixels, Batch, peer, team));

        Assert.Contains("does not compute the same function", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_NaN_IsNoAgreement() => Assert.False(Agreement.Difference([1, float.NaN], [1, 2]) <= 1);

    private static double Difference(Network network)
    {
        using ThreadTeam team = new(1);
        float[] pixels = SampleNetwork.Pixels(network.Spec.Input, Batch);
        using OwnInference own = new(network, pixels, Batch, team);
        using OnnxRuntimeInference peer = new("peer", network, SampleNetwork.ChannelsFirst(pixels, network.Spec.Input), Batch, threads: 1);
        return Agreement.Difference(own.Logits(), peer.Logits());
    }
}
