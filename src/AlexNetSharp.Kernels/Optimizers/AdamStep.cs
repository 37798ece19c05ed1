using System.Text.Json.Serialization;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>Where Adam's ε stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdamForm>))]
public enum AdamForm
{
    /// <summary>TensorFlow's: w −= lr · √(1−β2^t)/(1−β1^t) · m / (√v + ε̂) (Kingma and Ba 2015, the last lines of §2).</summary>
    [JsonStringEnumMemberName("epsilon_hat")]
    EpsilonHat,

    /// <summary>PyTorch's, and the paper's algorithm 1: w −= lr/(1−β1^t) · m / (√(v/(1−β2^t)) + ε).</summary>
    [JsonStringEnumMemberName("epsilon")]
    Epsilon,
}

/// <summary>The constants of one Adam update.</summary>
/// <param name="LearningRate">lr.</param>
/// <param name="Step">t, counted from 1.</param>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">ε or ε̂, above 0: a weight whose gradient was always zero would become 0 / 0 without it.</param>
/// <param name="Form">Which of the two.</param>
/// <param name="WeightDecay">λ, from 0 up: w −= lr·λ·w beside the move, not through the moments (AdamW, Loshchilov and Hutter 2019).</param>
public readonly record struct AdamStep(
    float LearningRate, int Step, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f, AdamForm Form = AdamForm.EpsilonHat,
    float WeightDecay = 0);
