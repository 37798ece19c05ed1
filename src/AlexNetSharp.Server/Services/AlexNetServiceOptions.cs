using AlexNetSharp.Augmentation;

namespace AlexNetSharp.Server;

/// <summary>What <c>services.AddAlexNet()</c> is told; the configuration section <see cref="Section"/> is read first, then the code's own settings.</summary>
/// <remarks>Checked when the application starts. It has setters because configuration and code fill it in turn.</remarks>
public sealed class AlexNetServiceOptions
{
    /// <summary>The configuration section: <c>AlexNet</c>.</summary>
    public const string Section = "AlexNet";

    private static readonly ServerOptions Defaults = new();

    /// <summary>The .safetensors file of the model.</summary>
    public string Model { get; set; } = "";

    /// <summary>Threads to compute with, 1 to 256; 0 for one a processor.</summary>
    public int Threads { get; set; }

    /// <summary>The name of the views whose probabilities are averaged, see <see cref="TestTimeAugmentation.All"/>.</summary>
    public string Views { get; set; } = TestTimeAugmentation.None.Name;

    /// <summary>Whether a glyph is looked for where the model was trained on glyphs.</summary>
    public bool FindsGlyph { get; set; } = true;

    /// <summary>The most pictures, or views of them, that are computed together: 1 to 4096.</summary>
    public int MaximalBatch { get; set; } = Defaults.MaximalBatch;

    /// <summary>How long a batch that is not full waits for more pictures; zero, the default, takes what is there.</summary>
    public TimeSpan MaximalDelay { get; set; } = Defaults.MaximalDelay;

    /// <summary>The most pictures, or views of them, that wait; further ones are turned away with a <see cref="PredictorBusyException"/>.</summary>
    public int QueueCapacity { get; set; } = Defaults.QueueCapacity;

    /// <summary>How long a picture may wait before its computation begins; ten seconds.</summary>
    public TimeSpan Deadline { get; set; } = Defaults.Deadline;

    /// <summary>The most bytes of an encoded picture, and of a body that <c>MapAlexNet</c> takes, at least 1: 16 MiB.</summary>
    public long MaximalPictureBytes { get; set; } = Defaults.MaximalBodyBytes;

    /// <summary>The most pixels of a picture: 25 million.</summary>
    public long MaximalPixels { get; set; } = Defaults.MaximalPixels;

    /// <exception cref="ArgumentException">There are no such views.</exception>
    internal TestTimeAugmentation FindViews() => TestTimeAugmentation.Find(Views);

    internal ServerOptions ToServerOptions() => new()
    {
        Threads = Threads,
        MaximalBatch = MaximalBatch,
        MaximalDelay = MaximalDelay,
        QueueCapacity = QueueCapacity,
        Deadline = Deadline,
        MaximalPixels = MaximalPixels,
    };
}
