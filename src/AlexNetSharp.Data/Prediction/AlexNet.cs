using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp;

/// <summary>A trained model that says what pictures show: <c>AlexNet.Load("model.safetensors").Predict("seven.png")</c>.</summary>
/// <remarks>
/// Pictures are prepared as those were that the model was trained on, which stands in its file; answers are those of <c>alexnet predict</c>, to the
/// last bit, alone or in a batch. Any number of threads may call: pictures are decoded side by side, then one batch after another is computed with all of
/// <see cref="AlexNetOptions.Threads"/>.
/// </remarks>
public sealed class AlexNet : IDisposable
{
    private const string PictureInMemory = "picture";

    private readonly Lock _gate = new();
    private readonly Network _network;
    private readonly bool _leavesNetwork;
    private readonly AlexNetOptions _options;
    private readonly ThreadTeam _team;
    private readonly PicturePreparation _preparation;
    private readonly ExecutionPlan _plan;

    // Compiled when the first batch comes, as it takes the memory of a whole one.
    private ExecutionPlan? _batchPlan;
    private bool _isDisposed;

    /// <summary>Takes a model that is in memory: one just trained, or read from another format.</summary>
    /// <param name="network">The weights, read where they lie; disposed with this object unless <paramref name="leaveOpen"/> says otherwise.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="leaveOpen">Whether the network stays the caller's, who must keep it until this object is disposed.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="InvalidModelException">The model takes no pictures: its input has neither 1 nor 3 channels.</exception>
    public AlexNet(Network network, AlexNetOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        _options = options ?? new AlexNetOptions();
        _options.Validate();
        if (network.Spec.Input.Channels is not (1 or 3))
            throw new InvalidModelException($"Model '{network.Spec.Name}' takes {network.Spec.Input.Channels} channels; pictures have 1 (grey) or 3 (RGB). Run it with an ExecutionPlan.");
        (_network, _leavesNetwork) = (network, leaveOpen);
        _team = new ThreadTeam(_options.Threads);
        _preparation = new PicturePreparation(network.Spec, _team, _options.FindsGlyph, _options.MaximalBatch);
        _plan = new ExecutionPlan(network, 1, PlanMode.Inference, _team);
    }

    /// <summary>The model: its name, input, classes and layers.</summary>
    public ModelSpec Model => _network.Spec;

    /// <summary>Reads a model file that this software wrote.</summary>
    /// <param name="path">The .safetensors file; in a run's folder it is called model.safetensors.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="InvalidDataException">The file is broken, holds no model, or its tensors are not that model's.</exception>
    /// <exception cref="InvalidModelException">The model in the file does not fit together, or takes no pictures.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static AlexNet Load(string path, AlexNetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options?.Validate();
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model at '{path}'{(Directory.Exists(path) ? ", but a folder" : "")}. Name a .safetensors file, such as the model.safetensors in a run's folder.");
        Network network = ModelFile.Load(path);
        try
        {
            return new AlexNet(network, options);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Says what the picture in a file shows.</summary>
    /// <param name="path">A PNG, JPEG, BMP, GIF or WebP file of any size.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged or too large (<see cref="PictureReader"/>), or shows no glyph where one is looked for.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Classification Predict(string path) => Compute([Read(path)])[0];

    /// <summary>Says what an encoded picture in memory shows.</summary>
    /// <param name="encoded">What would be in its file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Classification Predict(ReadOnlySpan<byte> encoded, string name = PictureInMemory) => Compute([Decode(encoded, name)])[0];

    /// <summary>Says what the encoded picture in a stream shows.</summary>
    /// <param name="stream">Read from where it stands to its end; not closed.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">As for a file; a stream may hold <see cref="PictureReader.LargestFileLength"/> bytes.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Classification Predict(Stream stream, string name = PictureInMemory)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream content = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > PictureReader.LargestFileLength)
                throw new InvalidDataException($"'{name}' has more than {PictureReader.LargestFileLength} bytes, which no picture may. Make it smaller first.");
        }
        return Predict(content.GetBuffer().AsSpan(0, (int)content.Length), name);
    }

    /// <summary>Says what a decoded picture shows.</summary>
    /// <remarks>
    /// A model that looks for glyphs, or any PNG, BMP or GIF: as for its file. Large JPEG files are decoded at a fraction of their size for the other models
    /// (<see cref="PictureReader.ReadStored"/>), so there the last digits may differ.
    /// </remarks>
    /// <param name="picture">The picture.</param>
    /// <exception cref="InvalidDataException">It shows no glyph where one is looked for.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Classification Predict(Picture picture) => Compute([_preparation.Read(picture)])[0];

    /// <summary>Says what a picture shows that is in the form in which the training pictures were: no glyph is looked for.</summary>
    /// <param name="picture">Bytes [height, width, channels] of the model's channels: MNIST's own pictures, say. Other sizes are brought to the model's.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size and the model's channels.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Classification Predict(StoredImage picture) => Compute([picture])[0];

    /// <summary>Says what the pictures in files show; one that cannot be read fails the whole call.</summary>
    /// <param name="paths">PNG, JPEG, BMP, GIF or WebP files.</param>
    /// <returns>One answer a file, in their order, the same bits as <see cref="Predict(string)"/> gives.</returns>
    /// <inheritdoc cref="Predict(string)" path="/exception"/>
    public ImmutableArray<Classification> PredictBatch(IReadOnlyList<string> paths) => InBatches(paths, Read);

    /// <summary>Says what encoded pictures in memory show; one that cannot be read fails the whole call.</summary>
    /// <param name="encoded">What would be in their files. Errors call them "picture 0", "picture 1" and so on.</param>
    /// <returns>One answer a picture, in their order, the same bits as for one alone.</returns>
    /// <inheritdoc cref="Predict(ReadOnlySpan{byte}, string)" path="/exception"/>
    public ImmutableArray<Classification> PredictBatch(IReadOnlyList<ReadOnlyMemory<byte>> encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return InBatches([.. Enumerable.Range(0, encoded.Count)], i => _preparation.Decode(encoded[i].Span, $"{PictureInMemory} {i}"));
    }

    /// <summary>Says what decoded pictures show.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <returns>One answer a picture, in their order, the same bits as <see cref="Predict(Picture)"/> gives.</returns>
    /// <inheritdoc cref="Predict(Picture)" path="/exception"/>
    public ImmutableArray<Classification> PredictBatch(IReadOnlyList<Picture> pictures) => InBatches(pictures, _preparation.Read);

    /// <summary>Says what pictures show that are in the form in which the training pictures were.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <returns>One answer a picture, in their order, the same bits as <see cref="Predict(StoredImage)"/> gives.</returns>
    /// <inheritdoc cref="Predict(StoredImage)" path="/exception"/>
    public ImmutableArray<Classification> PredictBatch(IReadOnlyList<StoredImage> pictures) => InBatches(pictures, picture => picture);

    /// <summary>Decodes a picture as <see cref="Predict(ReadOnlySpan{byte}, string)"/> does and computes nothing: for whoever gathers batches.</summary>
    /// <param name="encoded">What would be in its file.</param>
    /// <param name="name">What errors call it.</param>
    /// <returns>What <see cref="PredictBatch(IReadOnlyList{StoredImage})"/> gives the same answer for.</returns>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    public StoredImage Decode(ReadOnlySpan<byte> encoded, string name = PictureInMemory) => _preparation.Decode(encoded, name);

    /// <summary>Frees the threads and the memory, and the network unless it is the caller's; waits for a batch that is being computed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _batchPlan?.Dispose();
            _plan.Dispose();
            _preparation.Dispose();
            _team.Dispose();
            if (!_leavesNetwork)
                _network.Dispose();
        }
    }

    private StoredImage Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no picture at '{path}'{(Directory.Exists(path) ? ", but a folder" : "")}. Name a PNG, JPEG, BMP, GIF or WebP file.");
        return _preparation.Read(path);
    }

    private ImmutableArray<Classification> InBatches<T>(IReadOnlyList<T> sources, Func<T, StoredImage> read)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ImmutableArray<Classification>.Builder answers = ImmutableArray.CreateBuilder<Classification>(sources.Count);
        // No more pictures lie decoded in memory than are computed together.
        foreach (T[] part in sources.Chunk(_options.MaximalBatch))
            answers.AddRange(Compute(ReadSideBySide(part, read)));
        return answers.MoveToImmutable();
    }

    // The first picture, in their order, that cannot be read is the one complained of, whichever thread came across one first.
    private StoredImage[] ReadSideBySide<T>(T[] sources, Func<T, StoredImage> read)
    {
        StoredImage[] pictures = new StoredImage[sources.Length];
        Exception?[] failures = new Exception?[sources.Length];
        Parallel.For(0, sources.Length, new ParallelOptions { MaxDegreeOfParallelism = _team.ThreadCount }, i =>
        {
            try
            {
                pictures[i] = read(sources[i]);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        });
        if (Array.Find(failures, failure => failure is not null) is Exception first)
            ExceptionDispatchInfo.Throw(first);
        return pictures;
    }

    private Classification[] Compute(ReadOnlySpan<StoredImage> pictures)
    {
        int classes = Model.Classes.Length;
        float[] probabilities = new float[pictures.Length * classes], ofView = new float[probabilities.Length];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ExecutionPlan plan = pictures.Length == 1 ? _plan : _batchPlan ??= new ExecutionPlan(_network, _options.MaximalBatch, PlanMode.Inference, _team);
            foreach (TestView view in _options.Views.Views)
            {
                _preparation.Prepare(pictures, view, plan.Input(pictures.Length));
                SoftmaxCrossEntropy.Softmax(plan.Forward(pictures.Length), ofView, classes);
                for (int i = 0; i < probabilities.Length; i++)
                    probabilities[i] += ofView[i] / _options.Views.Views.Length;
            }
        }
        Classification[] answers = new Classification[pictures.Length];
        for (int i = 0; i < answers.Length; i++)
            answers[i] = new Classification(Model.Classes, probabilities.AsSpan(i * classes, classes));
        return answers;
    }
}
