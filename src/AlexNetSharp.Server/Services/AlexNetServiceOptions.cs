using AlexNetSharp.Augmentation;

namespace AlexNetSharp.Server;

/// <summary>What <c>services.AddAlexNet()</c> is told; the configuration section <see cref="Section"/> is read first, then the code's own settings.</summary>
/// <remarks>Checked when the application starts. It has setters because configuration and code fill it in turn.</remarks>
public sealed class AlexNetServiceOptions
{
    /// <summary>The configuration section: <c>AlexNet</c>.</summary>
    public const string Section = "AlexNet";

    /// <summary>The .safetensors file of the model.</summary>
    public string Model { get; set; } = "";

    /// <summary>Threads to compute with, 1 to 256; 0 for one a processor.</summary>
    public int Threads { get; set; }

    /// <summary>The name of the views that are averaged, see <see cref="TestTimeAugmentation.All"/>.</summary>
    public string Views { get; set; } = TestTimeAugmentation.None.Name;

    /// <summary>Whether a glyph is looked for where the model was trained on glyphs.</summary>
    public bool FindsGlyph { get; set; } = true;

    /// <summary>The most pictures that are computed together, at least 1.</summary>
    public int MaximalBatch { get; set; } = 32;

    /// <summary>The most pictures that may wait for their turn, at least 1; further ones are turned away with a <see cref="PredictorBusyException"/>.</summary>
    public int Queue { get; set; } = 256;

    /// <summary>The most bytes that an encoded picture may have, at least 1: 10 million.</summary>
    public int MaximalPictureBytes { get; set; } = 10_000_000;

    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    internal AlexNetOptions ToAlexNetOptions()
    {
        AlexNetOptions options = new()
        {
            Threads = Threads,
            Views = TestTimeAugmentation.Find(Views),
            FindsGlyph = FindsGlyph,
            MaximalBatch = MaximalBatch,
        };
        options.Validate();
        return options;
    }
}
