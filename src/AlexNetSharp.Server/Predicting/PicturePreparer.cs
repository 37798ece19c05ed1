using System.Collections.Concurrent;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Data;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Server;

/// <summary>Brings pictures that clients send to a model's input, as <c>alexnet predict</c> does; several at once, each on its request's thread.</summary>
internal sealed class PicturePreparer(ModelSpec spec, ServerOptions options) : IDisposable
{
    private readonly ConcurrentBag<Workplace> _free = [];

    /// <summary>Decodes and prepares a picture.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, GIF or WebP file's content.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="findsGlyph">Whether a glyph is looked for where the model was trained on glyphs.</param>
    /// <param name="destination">[height, width, channels], overwritten.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged or too large, or shows no glyph where one is looked for.</exception>
    public void Prepare(ReadOnlySpan<byte> encoded, string name, bool findsGlyph, Span<float> destination) => Prepare(encoded, name, findsGlyph, [TestView.Center], destination);

    /// <summary>Decodes a picture once and prepares several views of it.</summary>
    /// <param name="encoded">As above.</param>
    /// <param name="name">As above.</param>
    /// <param name="findsGlyph">As above.</param>
    /// <param name="views">The views.</param>
    /// <param name="destination">[views, height, width, channels], overwritten.</param>
    /// <exception cref="InvalidDataException">As above.</exception>
    public void Prepare(ReadOnlySpan<byte> encoded, string name, bool findsGlyph, ReadOnlySpan<TestView> views, Span<float> destination)
    {
        if (spec.Input.Channels is not (1 or 3))
            throw new InvalidDataException($"Model '{spec.Name}' takes {spec.Input.Channels} channels; pictures become 1 (grey) or 3 (RGB). Send tensors.");
        RequireSize(encoded, name);
        if (!_free.TryTake(out Workplace? place))
            place = new Workplace(spec);
        try
        {
            PicturePreparation preparation = findsGlyph ? place.Glyphs : place.Plain;
            StoredImage picture = preparation.Decode(encoded, name);
            int length = spec.Input.Length;
            for (int i = 0; i < views.Length; i++)
                preparation.Prepare(picture, views[i], destination.Slice(i * length, length));
        }
        finally
        {
            _free.Add(place);
        }
    }

    /// <summary>Frees what the threads used; nobody may be preparing.</summary>
    public void Dispose()
    {
        while (_free.TryTake(out Workplace? place))
            place.Dispose();
    }

    private void RequireSize(ReadOnlySpan<byte> encoded, string name)
    {
        ImageSize size = PictureReader.ReadSize(encoded, name);
        if ((long)size.Height * size.Width > options.MaximalPixels)
            throw new InvalidDataException($"'{name}': the picture is {size.Width}x{size.Height}, {(long)size.Height * size.Width} pixels; this server takes {options.MaximalPixels} at most. Make it smaller first.");
    }

    // A preparation serves one caller at a time; its team of one is the caller's own thread.
    private sealed class Workplace : IDisposable
    {
        private readonly ThreadTeam _team = new(1);

        public Workplace(ModelSpec spec) => (Glyphs, Plain) = (new PicturePreparation(spec, _team), new PicturePreparation(spec, _team, findsGlyph: false));

        public PicturePreparation Glyphs { get; }

        public PicturePreparation Plain { get; }

        public void Dispose()
        {
            Glyphs.Dispose();
            Plain.Dispose();
            _team.Dispose();
        }
    }
}
