using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Models;

/// <summary>How a picture of another shape is brought to a model's input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PictureFit>))]
public enum PictureFit
{
    /// <summary>Resized to the input's height and width, whatever that does to the aspect ratio.</summary>
    [JsonStringEnumMemberName("stretch")]
    Stretch,

    /// <summary>Resized until its shorter side has <see cref="Preprocessing.ResizeTo"/> pixels; of that the centre is taken.</summary>
    [JsonStringEnumMemberName("crop")]
    Crop,
}

/// <summary>What is done to a picture before a model sees it. It stands in the model's file, so that training, evaluation, prediction and a server do the same.</summary>
/// <remarks>A value of a pixel goes in as (byte / 255 − mean[channel]) / deviation[channel].</remarks>
public sealed record Preprocessing
{
    /// <summary>Bytes divided by 255, pictures stretched.</summary>
    public static Preprocessing None { get; } = new();

    /// <summary>Taken off each channel, in units of 255; empty for zeros.</summary>
    public ImmutableArray<float> Mean { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What each channel is divided by after that, above 0; empty for ones.</summary>
    public ImmutableArray<float> Deviation { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How pictures of another shape are brought to the input's.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Stretch;

    /// <summary>The shorter side before the centre is taken, at least the input's shorter side; 0 for that side itself. Looked at with <see cref="PictureFit.Crop"/> only.</summary>
    public int ResizeTo { get; init; }

    /// <summary>Whether people's pictures are first brought to the form of MNIST's: the glyph found, made light on dark, fitted into a box and centred.</summary>
    public bool FindsGlyph { get; init; }

    /// <inheritdoc/>
    public bool Equals(Preprocessing? other) =>
        other is not null && Mean.AsSpan().SequenceEqual(other.Mean.AsSpan()) && Deviation.AsSpan().SequenceEqual(other.Deviation.AsSpan())
        && Fit == other.Fit && ResizeTo == other.ResizeTo && FindsGlyph == other.FindsGlyph;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean.Length, Deviation.Length, Fit, ResizeTo, FindsGlyph);

    /// <summary>Throws unless this can be done for a model of that input.</summary>
    /// <exception cref="InvalidModelException">Names what is wrong.</exception>
    internal void Validate(string model, FeatureShape input)
    {
        if ((!Mean.IsEmpty && Mean.Length != input.Channels) || (!Deviation.IsEmpty && Deviation.Length != input.Channels))
            throw new InvalidModelException($"Model '{model}': its preprocessing has {Mean.Length} means and {Deviation.Length} deviations; its input has {input.Channels} channels. Give one of each a channel, or none.");
        if (Mean.Any(mean => !float.IsFinite(mean)) || Deviation.Any(deviation => !(deviation > 0) || !float.IsFinite(deviation)))
            throw new InvalidModelException($"Model '{model}': its preprocessing holds a mean that is no finite number, or a deviation that is none above 0.");
        if (ResizeTo != 0 && ResizeTo < Math.Min(input.Height, input.Width))
            throw new InvalidModelException($"Model '{model}': its preprocessing resizes to {ResizeTo}, less than its input of {input.Height}x{input.Width}. Give at least {Math.Min(input.Height, input.Width)}, or 0.");
    }
}
