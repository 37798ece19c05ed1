using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>What one thread needs to prepare a picture.</summary>
internal sealed class PictureWorkspace(FeatureShape input, int sampledChannels, int gridHeight, int gridWidth)
{
    public SourceRegion Region { get; } = new();

    /// <summary>[height, width, channels that were sampled], 0 to 255.</summary>
    public float[] Picture { get; } = new float[input.Height * input.Width * sampledChannels];

    public float[] Rows { get; } = new float[input.Width];

    public float[] Columns { get; } = new float[input.Width];

    public float[] DownGrid { get; } = new float[gridHeight * gridWidth];

    public float[] RightGrid { get; } = new float[gridHeight * gridWidth];

    public float[] GridRow { get; } = new float[gridWidth];

    public float[] Down { get; } = new float[input.Width];

    public float[] Right { get; } = new float[input.Width];
}
