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
}

/// <summary>Draws a network's first weights.</summary>
public static class Initializer
{
    /// <summary>Overwrites all parameters of <paramref name="network"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="initialization">The distribution.</param>
    /// <param name="seed">The same seed gives the same weights; each parameter draws from a stream of its own.</param>
    public static void Initialize(Network network, Initialization initialization, ulong seed)
    {
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            Parameter parameter = network.Parameters[i];
            bool isLast = i >= network.Parameters.Length - 2;
            double deviation = initialization switch
            {
                Initialization.StandardNormal => 1,
                _ when parameter.Spec.Role == ParameterRole.Bias => 0,
                _ => Math.Sqrt((isLast ? 1.0 : 2.0) / parameter.Spec.FanIn),
            };
            PhiloxSequence random = new(seed, StreamNumber.OfParameter(i));
            float[] values = new float[parameter.Length];
            for (int value = 0; deviation != 0 && value < values.Length; value++)
                values[value] = (float)(deviation * random.NextNormal());
            network.Write(parameter, values);
        }
    }
}
