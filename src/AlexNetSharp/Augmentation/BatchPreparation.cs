using System.Runtime.InteropServices;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>Turns stored pictures into a batch that a model takes: in training varied at random, in evaluation as asked for.</summary>
/// <remarks>
/// A picture's bits follow from its bytes, the options, the seed, the epoch and its place in the epoch; neither threads nor batches matter.
/// Nothing is allocated but what larger pictures than before need. One caller at a time, with the team free.
/// </remarks>
public sealed unsafe class BatchPreparation : IDisposable
{
    private const int Grey = 1;
    private const int Colors = 3;

    private readonly FeatureShape _input;
    private readonly Preprocessing _preprocessing;
    private readonly AugmentationOptions _options;
    private readonly int _setChannels;
    private readonly ThreadTeam _team;
    private readonly PictureSampler _sampler;
    private readonly PixelValues _values;
    private readonly PictureWorkspace[] _workspaces;
    private readonly StoredImage[] _images;
    private GCHandle _self;

    /// <summary>Prepares scratch memory for each thread.</summary>
    /// <param name="input">What the model takes.</param>
    /// <param name="preprocessing">How pictures become that; valid for <paramref name="input"/>.</param>
    /// <param name="augmentation">How training pictures are varied; null for not at all.</param>
    /// <param name="setChannels">Channels of the stored pictures: the model's, or 1 for a model of 3, or 3 for a model of 1.</param>
    /// <param name="maximalBatch">Most pictures a call, at least 1.</param>
    /// <param name="team">The threads to work with.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or the channels cannot be converted.</exception>
    public BatchPreparation(FeatureShape input, Preprocessing preprocessing, AugmentationOptions? augmentation, int setChannels, int maximalBatch, ThreadTeam team)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximalBatch, 1);
        _options = augmentation ?? AugmentationOptions.None;
        _options.Validate();
        bool converts = (setChannels, input.Channels) is (Grey, Colors) or (Colors, Grey);
        if (setChannels != input.Channels && !converts)
            throw new ArgumentException($"The pictures have {setChannels} channels, the model takes {input.Channels}; only 1 and 3 are converted into each other. Choose other data or another model.", nameof(setChannels));
        if (_options.ColorNoise is not null && input.Channels != Colors)
            throw new ArgumentException($"Augmentation: colour noise needs a model of 3 channels; this one takes {input.Channels}. Leave it out.", nameof(augmentation));
        (_input, _preprocessing, _setChannels, _team) = (input, preprocessing, setChannels, team);
        _values = new PixelValues(input.Channels, preprocessing);
        _sampler = new PictureSampler(input, setChannels, _options.Fill, _options.Elastic);
        _images = new StoredImage[maximalBatch];
        _workspaces = [.. Enumerable.Range(0, team.ThreadCount).Select(_ => _sampler.CreateWorkspace())];
        _self = GCHandle.Alloc(this);
    }

    /// <summary>Prepares pictures for training.</summary>
    /// <param name="images">The pictures, in the order of the epoch; at most the batch given at first.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0 up.</param>
    /// <param name="firstPosition">The first picture's place in the epoch, from 0 up.</param>
    /// <param name="destination">[count, height, width, channels], overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public void Prepare(ReadOnlySpan<StoredImage> images, ulong seed, int epoch, int firstPosition, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        Run(images, new Request(true, seed, epoch, firstPosition, default), destination);
    }

    /// <summary>Prepares pictures for evaluation.</summary>
    /// <param name="images">The pictures; at most the batch given at first.</param>
    /// <param name="view">Which view of them.</param>
    /// <param name="destination">[count, height, width, channels], overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public void Prepare(ReadOnlySpan<StoredImage> images, TestView view, Span<float> destination) =>
        Run(images, new Request(false, 0, 0, 0, view), destination);

    /// <summary>Mixes picture i with picture count − 1 − i, and their labels, where the options say so; the middle one of an odd count stays.</summary>
    /// <param name="destination">The batch, [count, height, width, channels], in place.</param>
    /// <param name="targets">[count, classes], distributions over the classes, in place.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0 up.</param>
    /// <param name="step">The step within the epoch, from 0 up.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public void Mix(Span<float> destination, Span<float> targets, int count, int classes, ulong seed, int epoch, int step)
    {
        RequireLength(destination.Length, (long)count * _input.Length, nameof(destination));
        RequireLength(targets.Length, (long)count * classes, nameof(targets));
        if (_options.Mixes)
            BatchMixing.Mix(_options, _input, destination, targets, count, classes, seed, epoch, step, _team);
    }

    /// <summary>Lets go of what the threads hold.</summary>
    public void Dispose()
    {
        if (_self.IsAllocated)
            _self.Free();
    }

    private static void RequireLength(int found, long expected, string name)
    {
        if (found != expected)
            throw new ArgumentException($"'{name}' holds {found} values; {expected} are needed.", name);
    }

    private void Run(ReadOnlySpan<StoredImage> images, Request request, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(!_self.IsAllocated, this);
        if (images.Length > _images.Length)
            throw new ArgumentException($"{images.Length} pictures were given; this was made for at most {_images.Length} at once.", nameof(images));
        RequireLength(destination.Length, (long)images.Length * _input.Length, nameof(destination));
        for (int i = 0; i < images.Length; i++)
        {
            StoredImage image = images[i];
            if (image.Height < 1 || image.Width < 1 || image.Pixels.Length != (long)image.Height * image.Width * _setChannels)
                throw new ArgumentException($"Picture {i} of the batch is {image.Height}x{image.Width}x{_setChannels} but holds {image.Pixels.Length} bytes.", nameof(images));
        }
        images.CopyTo(_images);
        fixed (float* target = destination)
            _team.Run(images.Length, new PictureJob(GCHandle.ToIntPtr(_self), request, target));
        // Pictures that were read for this batch alone can go.
        _images.AsSpan(0, images.Length).Clear();
    }

    private void PrepareOne(int index, in Request request, PictureWorkspace workspace, Span<float> target)
    {
        StoredImage image = _images[index];
        if (!request.Training)
        {
            Render(image, PictureMapping.OfView(image, request.View, _input, _preprocessing), false, workspace, target);
            return;
        }
        ulong stream = StreamNumber.OfAugmentation(request.Epoch, request.FirstPosition + index);
        PictureMapping mapping = MappingDraw.Draw(_options, image, _input, _preprocessing, request.Seed, stream);
        bool displaces = _options.Elastic is Elastic elastic
            && _sampler.Displace(workspace, elastic.Probability, new AugmentationRandom(request.Seed, stream, AugmentationPurpose.Elastic));
        if (_options.Brightness is null && _options.Contrast is null && _options.ColorNoise is null)
        {
            Render(image, mapping, displaces, workspace, target);
        }
        else
        {
            _sampler.Sample(image, mapping, displaces, workspace);
            Spread(workspace.Picture, target);
            PictureColors.Vary(target, _input.Channels, _options, request.Seed, stream);
            _values.Normalize(target, target, _input.Channels);
        }
        if (_options.Erasing is Erasing erasing)
            RectangleErasing.Erase(erasing, new AugmentationRandom(request.Seed, stream, AugmentationPurpose.Erasing), _input, _values, target);
    }

    private void Render(StoredImage image, in PictureMapping mapping, bool displaces, PictureWorkspace workspace, Span<float> target)
    {
        bool untouched = mapping == new PictureMapping(1, 0, 0, 0, 1, 0) && !displaces;
        if (untouched && image.Height == _input.Height && image.Width == _input.Width && _setChannels == _input.Channels)
        {
            _values.Look(image.Pixels.Span, target);
            return;
        }
        _sampler.Sample(image, mapping, displaces, workspace);
        _values.Normalize(workspace.Picture, target, _sampler.Channels);
    }

    private void Spread(ReadOnlySpan<float> source, Span<float> target)
    {
        if (_sampler.Channels == _input.Channels)
        {
            source.CopyTo(target);
            return;
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = source[i / _input.Channels];
    }

    private readonly record struct Request(bool Training, ulong Seed, int Epoch, int FirstPosition, TestView View);

    private readonly struct PictureJob(nint owner, Request request, float* target) : ITeamJob
    {
        private readonly nint _owner = owner;
        private readonly Request _request = request;
        private readonly float* _target = target;

        public void Execute(int task, int worker)
        {
            BatchPreparation preparation = (BatchPreparation)GCHandle.FromIntPtr(_owner).Target!;
            int length = preparation._input.Length;
            preparation.PrepareOne(task, _request, preparation._workspaces[worker], new Span<float>(_target + ((nint)task * length), length));
        }
    }
}
