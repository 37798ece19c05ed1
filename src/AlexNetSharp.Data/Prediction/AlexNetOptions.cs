using AlexNetSharp.Augmentation;

namespace AlexNetSharp;

/// <summary>How an <see cref="AlexNet"/> looks at pictures.</summary>
public sealed record AlexNetOptions
{
    private const int MostThreads = 256;

    /// <summary>Threads to compute with, 1 to 256; 0 for one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>The views of a picture whose probabilities are averaged; each costs a run of the network.</summary>
    public TestTimeAugmentation Views { get; init; } = TestTimeAugmentation.None;

    /// <summary>Whether a glyph is looked for where the model was trained on glyphs (cropped, centred, made light on dark); else pictures are only brought to size.</summary>
    public bool FindsGlyph { get; init; } = true;

    /// <summary>The most pictures that run through the network together, at least 1. More take more memory; the answers are the same bits.</summary>
    public int MaximalBatch { get; init; } = 32;

    /// <summary>Throws unless these make sense.</summary>
    /// <exception cref="ArgumentException">Names the option, what came and what is expected.</exception>
    public void Validate()
    {
        if (Threads is < 0 or > MostThreads)
            throw new ArgumentException($"{nameof(Threads)} is {Threads}; expected 1 to {MostThreads}, or 0 for one a processor.");
        if (MaximalBatch < 1)
            throw new ArgumentException($"{nameof(MaximalBatch)} is {MaximalBatch}; expected at least 1.");
        if (Views is null || Views.Views.IsDefaultOrEmpty)
            throw new ArgumentException($"{nameof(Views)} holds no view; expected one of {nameof(TestTimeAugmentation)}'s, {nameof(TestTimeAugmentation.None)} for the picture alone.");
    }
}
