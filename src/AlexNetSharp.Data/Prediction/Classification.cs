using System.Collections.Immutable;

namespace AlexNetSharp;

/// <summary>What a model says a picture shows.</summary>
public sealed class Classification
{
    /// <summary>Puts the classes in order.</summary>
    /// <param name="classes">The model's classes, at least one.</param>
    /// <param name="probabilities">One a class, 0 to 1.</param>
    /// <exception cref="ArgumentException">There is no class, or not one probability for each.</exception>
    public Classification(ImmutableArray<string> classes, ReadOnlySpan<float> probabilities)
    {
        if (classes.IsDefaultOrEmpty || classes.Length != probabilities.Length)
            throw new ArgumentException($"{probabilities.Length} probabilities were given for {(classes.IsDefault ? 0 : classes.Length)} classes; one for each of at least one class is needed.", nameof(probabilities));
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
