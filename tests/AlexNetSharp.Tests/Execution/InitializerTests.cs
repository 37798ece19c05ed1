using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Execution;

public sealed class InitializerTests
{
    // Five standard errors: one of a thousand such comparisons fails by chance in 1,700 seeds, and the seeds are fixed.
    private const double Sigmas = 5;

    [Fact]
    public void Initialize_StandardNormal_DrawsWeightsAndBiasesFromN01()
    {
        using Network network = Initialized(Initialization.StandardNormal, 1);

        foreach (Parameter parameter in network.Parameters)
            AssertNormal(network, parameter, 1);
    }

    [Fact]
    public void Initialize_He_DrawsWeightsByTheirInputsAndZeroesBiases()
    {
        using Network network = Initialized(Initialization.He, 1);

        foreach (Parameter parameter in network.Parameters)
        {
            if (parameter.Spec.Role == ParameterRole.Bias)
                Assert.All(network.Read(parameter), value => Assert.Equal(0, value));
            else
                AssertNormal(network, parameter, Math.Sqrt((parameter.Name == "fc3.weight" ? 1.0 : 2.0) / Inputs(parameter)));
        }
    }

    [Fact]
    public void Initialize_Krizhevsky2012_DrawsWeightsFromOneHundredthAndBiasesByTheirLayer()
    {
        using Network network = new(ModelCatalog.AlexNet2012(Mnist.Digits, width: 16));
        string[] ones = ["conv2", "conv4", "conv5", "fc1", "fc2"];

        Initializer.Initialize(network, Initialization.Krizhevsky2012, 1);

        foreach (Parameter parameter in network.Parameters)
        {
            if (parameter.Spec.Role == ParameterRole.Bias)
                Assert.All(network.Read(parameter), value => Assert.Equal(ones.Contains(parameter.Name[..^".bias".Length]) ? 1 : 0, value));
            else
                AssertNormal(network, parameter, 0.01);
        }
    }

    [Theory]
    [InlineData(Initialization.StandardNormal)]
    [InlineData(Initialization.He)]
    [InlineData(Initialization.Krizhevsky2012)]
    public void Initialize_SameSeed_GivesTheSameBitsAndAnotherSeedOthers(Initialization initialization)
    {
        using Network first = Initialized(initialization, 5), again = Initialized(initialization, 5), other = Initialized(initialization, 6);

        Assert.Equal(first.Values.ToArray(), again.Values.ToArray());
        Assert.NotEqual(first.Values.ToArray(), other.Values.ToArray());
    }

    [Fact]
    public void Initialize_OverOldWeights_ReplacesThemAll()
    {
        using Network fresh = Initialized(Initialization.He, 5), used = Initialized(Initialization.StandardNormal, 9);

        Initializer.Initialize(used, Initialization.He, 5);

        Assert.Equal(fresh.Values.ToArray(), used.Values.ToArray());
    }

    [Fact]
    public void Network_New_HoldsZerosInParametersThatDoNotOverlap()
    {
        using Network network = new(TestModels.Narrow);

        Assert.All(network.Values.ToArray(), value => Assert.Equal(0, value));
        int end = 0;
        foreach (Parameter parameter in network.Parameters)
        {
            Assert.True(parameter.Offset >= end);
            end = parameter.Offset + parameter.StorageLength;
        }
        Assert.True(network.Values.Length >= end);
    }

    private static int Inputs(Parameter parameter) => parameter.Spec.Shape switch
    {
        [_, int height, int width, int channels] => height * width * channels,
        [int inputs, _] => inputs,
        _ => throw new ArgumentException(parameter.Name),
    };

    private static Network Initialized(Initialization initialization, ulong seed)
    {
        Network network = new(TestModels.Narrow);
        Initializer.Initialize(network, initialization, seed);
        return network;
    }

    private static void AssertNormal(Network network, Parameter parameter, double deviation)
    {
        double[] values = [.. network.Read(parameter).Select(value => value / deviation)];
        double mean = values.Average(), variance = values.Average(value => value * value);
        // The mean of n draws strays by 1/√n, the mean square by √(2/n).
        Assert.True(Math.Abs(mean) < Sigmas / Math.Sqrt(values.Length), $"{parameter.Name}: mean {mean} of {values.Length}.");
        Assert.True(Math.Abs(variance - 1) < Sigmas * Math.Sqrt(2.0 / values.Length), $"{parameter.Name}: variance {variance} of {values.Length}.");
    }
}
