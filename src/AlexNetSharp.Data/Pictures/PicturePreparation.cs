using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Data;

/// <summary>Brings people's pictures to a model's input, as its file says that the training pictures were brought there.</summary>
/// <remarks>Any number of threads may read pictures; preparing them is for one caller at a time, with the team free.</remarks>
public sealed class PicturePreparation : IDisposable
{
    private readonly FeatureShape _input;
    private readonly bool _findsGlyph;
    private readonly BatchPreparation _preparation;

    /// <summary>Prepares for a model.</summary>
    /// <param name="model">The model; of 1 or 3 channels.</param>
    /// <param name="team">The threads to work with.</param>
    /// <param name="findsGlyph">Whether a glyph is looked for where the model was trained on glyphs; else pictures are only brought to size.</param>
    /// <param name="maximalBatch">Most pictures a call, at least 1.</param>
    public PicturePreparation(ModelSpec model, ThreadTeam team, bool findsGlyph = true, int maximalBatch = 1)
    {
        _input = model.Input;
        _findsGlyph = findsGlyph && model.Preprocessing.FindsGlyph && model.Input.Channels == 1;
        _preparation = new BatchPreparation(model.Input, model.Preprocessing, null, model.Input.Channels, maximalBatch, team);
    }

    /// <summary>Reads a picture in the form in which a set of training pictures would hold it.</summary>
    /// <param name="path">A PNG, JPEG, BMP, GIF or WebP file.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged or too large, or shows no glyph where one is looked for.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public StoredImage Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _findsGlyph ? Glyph(PictureReader.Read(path)) : PictureReader.ReadStored(path, _input.Channels);
    }

    /// <summary>Decodes a picture that is in memory; the same as <see cref="Read(string)"/> of a file with that content.</summary>
    /// <param name="encoded">What would be in its file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged or too large, or shows no glyph where one is looked for.</exception>
    public StoredImage Decode(ReadOnlySpan<byte> encoded, string name) =>
        _findsGlyph ? Glyph(PictureReader.Decode(encoded, name)) : PictureReader.DecodeStored(encoded, name, _input.Channels);

    /// <summary>Brings a decoded picture to the form in which a set of training pictures would hold it.</summary>
    /// <param name="picture">The picture.</param>
    /// <exception cref="InvalidDataException">It shows no glyph where one is looked for.</exception>
    public StoredImage Read(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return _findsGlyph ? Glyph(picture) : picture.ToStored(_input.Channels);
    }

    /// <summary>Writes what the model takes.</summary>
    /// <param name="picture">From <see cref="Read(string)"/>, or any of the model's channels.</param>
    /// <param name="view">Which view of it.</param>
    /// <param name="destination">[height, width, channels], overwritten.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Prepare(StoredImage picture, TestView view, Span<float> destination) => _preparation.Prepare([picture], view, destination);

    /// <summary>Writes what the model takes, for several pictures.</summary>
    /// <param name="pictures">From <see cref="Read(string)"/>, or any of the model's channels; at most the batch given at first.</param>
    /// <param name="view">Which view of them.</param>
    /// <param name="destination">[count, height, width, channels], overwritten.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Prepare(ReadOnlySpan<StoredImage> pictures, TestView view, Span<float> destination) => _preparation.Prepare(pictures, view, destination);

    /// <inheritdoc/>
    public void Dispose() => _preparation.Dispose();

    private StoredImage Glyph(Picture picture)
    {
        float[] glyph = DigitPreparation.Prepare(picture, _input.Height, _input.Width);
        // Bytes, as MNIST's own pictures are.
        return new StoredImage(_input.Height, _input.Width, Array.ConvertAll(glyph, value => (byte)MathF.Round(value * byte.MaxValue)));
    }
}
