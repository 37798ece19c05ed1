using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>Reads a set's pictures in a given order, batch by batch, ahead of time where they have to be decoded, and prepares them for a model.</summary>
internal sealed class BatchReader : IDisposable
{
    private readonly ImageSet _images;
    private readonly int[] _classes;
    private readonly bool _strict;
    private readonly Action<string>? _skipped;
    private readonly BatchPreparation _preparation;
    private readonly PicturePrefetcher _pictures;
    private readonly StoredImage[] _stored;
    private readonly int[] _labels;
    private readonly int[] _places;
    private int _position;
    private int _length;

    /// <summary>A reader that stands nowhere yet.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="model">What they are prepared for; the labels become places in its classes.</param>
    /// <param name="augmentation">What is done to them in training; null for nothing.</param>
    /// <param name="maximalBatch">The largest batch.</param>
    /// <param name="strict">Whether a picture that cannot be read is an error; else it is left out.</param>
    /// <param name="skipped">Told of each picture that is left out.</param>
    /// <param name="team">The threads that prepare.</param>
    /// <exception cref="InvalidModelException">The model does not have all classes of the pictures.</exception>
    public BatchReader(ImageSet images, ModelSpec model, AugmentationOptions? augmentation, int maximalBatch, bool strict, Action<string>? skipped, ThreadTeam team)
    {
        _images = images;
        _classes = ClassMapping.Of(images, model);
        _strict = strict;
        _skipped = skipped;
        _preparation = new BatchPreparation(model.Input, model.Preprocessing, augmentation, images.Channels, maximalBatch, team);
        _pictures = new PicturePrefetcher(images);
        _stored = new StoredImage[maximalBatch];
        _labels = new int[maximalBatch];
        _places = new int[maximalBatch];
    }

    /// <summary>Whether all pictures of the order have been read.</summary>
    public bool IsAtEnd => _position == _length;

    /// <summary>The classes of the batch read last, as the model numbers them.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>Where the pictures of the batch read last stand in the order.</summary>
    public ReadOnlySpan<int> Places => _places.AsSpan(0, Count);

    /// <summary>Pictures of the batch read last.</summary>
    public int Count { get; private set; }

    /// <summary>Begins to read in an order.</summary>
    /// <param name="order">Places in the set; must not change until all are read.</param>
    /// <param name="start">How many of them to pass over.</param>
    public void Begin(ReadOnlyMemory<int> order, int start = 0)
    {
        _pictures.Begin(order[start..]);
        _position = start;
        _length = order.Length;
    }

    /// <summary>Reads the next pictures of the order; those that cannot be read are missing from the batch.</summary>
    /// <param name="count">How many of the order, at most the largest batch; fewer at its end.</param>
    /// <returns>How many can be trained on or judged.</returns>
    /// <exception cref="InvalidDataException">A picture cannot be read, and the reader is strict.</exception>
    public int Read(int count)
    {
        Count = 0;
        for (int end = Math.Min(_length, _position + count); _position < end; _position++)
        {
            PrefetchedPicture next = _pictures.Next();
            if (next.Problem is string problem)
            {
                if (_strict)
                    throw new InvalidDataException(problem);
                _skipped?.Invoke(problem);
                continue;
            }
            _stored[Count] = next.Image;
            _places[Count] = _position;
            _labels[Count++] = _classes[_images.Labels[next.Index]];
        }
        return Count;
    }

    /// <summary>Prepares the batch as an epoch of training shows it.</summary>
    public void Prepare(ulong seed, int epoch, Span<float> destination)
    {
        // A picture left out leaves a gap: each run of neighbours is prepared by itself, so that the others keep their places and their draws.
        for (int first = 0, end; first < Count; first = end)
        {
            end = first + 1;
            while (end < Count && _places[end] == _places[end - 1] + 1)
                end++;
            int length = destination.Length / Count;
            _preparation.Prepare(_stored.AsSpan(first, end - first), seed, epoch, _places[first], destination.Slice(first * length, (end - first) * length));
        }
    }

    /// <summary>Prepares the batch as it is judged.</summary>
    public void Prepare(TestView view, Span<float> destination) => _preparation.Prepare(_stored.AsSpan(0, Count), view, destination);

    /// <summary>Mixes the pictures of a prepared batch with each other, and their targets alike.</summary>
    public void Mix(Span<float> pictures, Span<float> targets, int classes, ulong seed, int epoch, int step) =>
        _preparation.Mix(pictures, targets, Count, classes, seed, epoch, step);

    /// <summary>Stops reading ahead.</summary>
    public void Dispose()
    {
        _pictures.Dispose();
        _preparation.Dispose();
    }
}
