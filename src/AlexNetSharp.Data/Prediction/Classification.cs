using System.Collections.Immutable;

namespace AlexNetSharp;

/// <summary>What a model says a picture shows.</summary>
public sealed class Classification
{
    internal Classification(ImmutableArray<string> classes, ReadOnlySpan<float> probabilities)
    {
        ClassProbability[] labels = new ClassProbability[probabilities.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = new ClassProbability(classes[i], i, probabilities[i]);
        // Equals stay in the classes' order.
        Labels = [.. labels.OrderByDescending(label => label.Probability)];
    }

    /// <summary>All classes, the likeliest first; equally likely ones in the model's order.</summary>
    public ImmutableArray<ClassProbability> Labels { get; }

    /// <summary>The likeliest class.</summary>
    public string Label => Labels[0].Label;

    /// <summary>How likely that is, 0 to 1.</summary>
    public float Probability => Labels[0].Probability;

    /// <summary>For people: the likeliest class with its probability.</summary>
    public override string ToString() => Labels[0].ToString();
}
