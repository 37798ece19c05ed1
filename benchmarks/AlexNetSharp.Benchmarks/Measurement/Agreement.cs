using AlexNetSharp.Benchmarks.Engines;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>Checks that a peer computes the very function that this engine computes; only then are their speeds comparable.</summary>
internal static class Agreement
{
    // float32 against float64, relative to the layer's largest value: a direct convolution or product errs by about 2e-6, one by Winograd's
    // F(4x4, 3x3) by up to 7e-6. A layer passes the error of the one before on at about its size, so errors add up, of both engines.
    private const double ErrorOfLayer = 7e-6;
    private const int Engines = 2;

    /// <summary>How far logits may lie apart, relative to the largest: 7e-6 for each layer with weights, of both engines.</summary>
    public static double Tolerance(ModelSpec spec) => Engines * ErrorOfLayer * spec.Layers.Count(layer => layer is Convolution2D or Dense);

    /// <summary>The largest difference, relative to the largest logit.</summary>
    public static double Difference(ReadOnlySpan<float> own, ReadOnlySpan<float> peer)
    {
        if (own.Length != peer.Length)
            throw new ArgumentException($"{own.Length} logits against {peer.Length}.", nameof(peer));
        double largest = 0, difference = 0;
        for (int i = 0; i < own.Length; i++)
        {
            // Math.Max keeps a NaN, so that one on either side is never an agreement.
            difference = Math.Max(difference, Math.Abs((double)own[i] - peer[i]));
            largest = Math.Max(largest, Math.Abs(own[i]));
        }
        return difference / largest;
    }

    /// <summary>Compares the logits of <paramref name="peer"/> with this engine's for the same network and pictures.</summary>
    /// <exception cref="InvalidDataException">They lie further apart than <see cref="Tolerance"/>.</exception>
    public static void Require(Network network, float[] pixels, int batch, IInferenceEngine peer, ThreadTeam team)
    {
        using OwnInference own = new(network, pixels, batch, team);
        double difference = Difference(own.Logits(), peer.Logits()), tolerance = Tolerance(network.Spec);
        if (!(difference <= tolerance))
            throw new InvalidDataException($"{network.Spec.Name}: the logits of {peer.Name} differ from this engine's by {difference:E1} of the largest; {tolerance:E1} is allowed. It does not compute the same function, so its speed says nothing.");
    }
}
