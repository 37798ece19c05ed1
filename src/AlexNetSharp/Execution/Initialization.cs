using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>How weights begin.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Initialization>))]
public enum Initialization
{
    /// <summary>Every weight and bias from N(0, 1): what the tutorial does, far too large for a network of this depth.</summary>
    [JsonStringEnumMemberName("standard_normal")]
    StandardNormal,

    /// <summary>Weights from N(0, 2 / inputs), biases zero (He et al. 2015); the last layer's from N(0, 1 / inputs), as no ReLU follows it.</summary>
    [JsonStringEnumMemberName("he")]
    He,

    /// <summary>
    /// Weights from N(0, 0.01²), biases what each layer says (<see cref="ParametricLayer.InitialBias"/>): Krizhevsky et al. 2012, §5. It goes with inputs of
    /// that paper's size, bytes less their mean.
    /// </summary>
    [JsonStringEnumMemberName("krizhevsky_2012")]
    Krizhevsky2012,
}

/// <summary>Draws a network's first weights.</summary>
public static class Initializer
{
    private const double Krizhevsky2012Deviation = 0.01;

    /// <summary>Overwrites all parameters of <paramref name="network"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="initialization">The distribution.</param>
    /// <param name="seed">The same seed gives the same weights; each parameter draws from a stream of its own.</param>
    public static void Initialize(Network network, Initialization initialization, ulong seed)
    {
        // Of each parameter, its layer.
        ParametricLayer[] layers = [.. network.Shapes.SelectMany(shape => shape.Parameters.Select(_ => (ParametricLayer)shape.Layer))];
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            Parameter parameter = network.Parameters[i];
            bool isLast = i >= network.Parameters.Length - 2, isBias = parameter.Spec.Role == ParameterRole.Bias;
            double deviation = initialization switch
            {
                Initialization.StandardNormal => 1,
                _ when isBias => 0,
                Initialization.Krizhevsky2012 => Krizhevsky2012Deviation,
                _ => Math.Sqrt((isLast ? 1.0 : 2.0) / parameter.Spec.FanIn),
            };
            PhiloxSequence random = new(seed, StreamNumber.OfParameter(i));
            float[] values = new float[parameter.Length];
            if (isBias && initialization == Initialization.Krizhevsky2012)
                values.AsSpan().Fill(layers[i].InitialBias);
            for (int value = 0; deviation != 0 && value < values.Length; value++)
                values[value] = (float)(deviation * random.NextNormal());
            network.Write(parameter, values);
        }
    }
}
