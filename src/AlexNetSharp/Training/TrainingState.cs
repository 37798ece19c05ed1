using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>A training run between two steps: all that its other steps depend on, so that a run that goes on from here ends with the same bits as one that never stopped.</summary>
/// <remarks>
/// As a file it is a safetensors file. Its tensors are weights (<c>weights.conv1.weight</c>), moments of the optimiser (<c>moment1.conv1.weight</c>), the
/// average and the best epoch's weights where the run keeps them (<c>average.</c>, <c>best.</c>), in this engine's layout. Its metadata are the model, the
/// counters (steps, pictures, best epoch, plateau), the options, and the SHA-256 of the tensors, by which a damaged file is told from a whole one.
/// Random numbers and the order of the pictures need nothing: they are functions of the seed and the step.
/// </remarks>
public sealed class TrainingState
{
    private const string ModelKey = "alexnet.model";
    private const string ProgressKey = "alexnet.training";
    private const string HashKey = "alexnet.sha256";

    private readonly Dictionary<string, SafeTensor> _tensors;

    private TrainingState(ModelSpec model, TrainingProgress progress, Dictionary<string, SafeTensor> tensors)
    {
        Model = model;
        Progress = progress;
        _tensors = tensors;
    }

    /// <summary>A state without tensors yet.</summary>
    internal TrainingState(ModelSpec model, TrainingProgress progress)
        : this(model, progress, [])
    {
    }

    /// <summary>The model.</summary>
    public ModelSpec Model { get; }

    /// <summary>Steps made.</summary>
    public int Step => Progress.Step;

    /// <summary>Epochs whose end has been reported; one that ended with the last step may be missing, where the run stopped while it was evaluated.</summary>
    public int EvaluatedEpochs => Progress.EvaluatedEpochs;

    /// <summary>Pictures trained on, repeats counted.</summary>
    public long Images => Progress.Images;

    /// <summary>Time in training steps and reports, evaluation of epochs not counted.</summary>
    public TimeSpan TrainingTime => TimeSpan.FromSeconds(Progress.Seconds);

    /// <summary>The counters.</summary>
    internal TrainingProgress Progress { get; }

    /// <summary>Reads a state.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or is no state of a training run.</exception>
    /// <exception cref="InvalidModelException">The model in the file does not fit together.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainingState Load(string path)
    {
        SafeTensorsContent content = SafeTensorsReader.Read(path);
        if (!content.Metadata.TryGetValue(ModelKey, out string? model) || !content.Metadata.TryGetValue(ProgressKey, out string? progress)
            || !content.Metadata.TryGetValue(HashKey, out string? hash))
        {
            throw new InvalidDataException($"'{path}' is no state of a training run: its metadata lack '{ModelKey}', '{ProgressKey}' or '{HashKey}'.");
        }
        if (Hash(content.Tensors) != hash)
            throw new InvalidDataException($"'{path}' is damaged: the SHA-256 of its tensors is not the one that was written with them.");
        try
        {
            return new TrainingState(
                ModelSpec.FromJson(model, path), JsonSerializer.Deserialize(progress, TrainingProgressJson.Default.TrainingProgress)!,
                content.Tensors.ToDictionary(tensor => tensor.Name));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no state of a training run that this version can read: {e.Message}", e);
        }
    }

    /// <summary>Writes the state to a file that appears whole or not at all (<see cref="DurableFile"/>).</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public void Save(string path)
    {
        ImmutableArray<SafeTensor> tensors = [.. _tensors.Values];
        var metadata = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new KeyValuePair<string, string>[]
        {
            new(ModelKey, Model.ToJson()),
            new(ProgressKey, JsonSerializer.Serialize(Progress, TrainingProgressJson.Default.TrainingProgress)),
            new(HashKey, Hash(tensors)),
        });
        SafeTensorsWriter.Save(path, new SafeTensorsContent(tensors, metadata));
    }

    /// <summary>Whether a part is there.</summary>
    internal bool Has(string part) => _tensors.Keys.Any(name => name.StartsWith(part + ".", StringComparison.Ordinal));

    /// <summary>Adds a part: values that are laid out like a network's.</summary>
    internal void Put(string part, Network layout, Span<float> values)
    {
        foreach (Parameter parameter in layout.Parameters)
        {
            float[] copy = new float[parameter.Length];
            parameter.Read(values, copy);
            string name = $"{part}.{parameter.Name}";
            _tensors.Add(name, new SafeTensor(name, parameter.Spec.Shape, copy));
        }
    }

    /// <summary>Copies a part.</summary>
    /// <exception cref="InvalidDataException">The state lacks it, or it has another shape.</exception>
    internal void Get(string part, Network layout, Span<float> values)
    {
        foreach (Parameter parameter in layout.Parameters)
        {
            string name = $"{part}.{parameter.Name}";
            if (!_tensors.TryGetValue(name, out SafeTensor? tensor) || !tensor.Shape.SequenceEqual(parameter.Spec.Shape))
                throw new InvalidDataException($"The state of the training run lacks the tensor '{name}' [{string.Join(',', parameter.Spec.Shape)}].");
            parameter.Write(values, tensor.Values);
        }
    }

    private static string Hash(ImmutableArray<SafeTensor> tensors)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SafeTensor tensor in tensors)
            hash.AppendData(MemoryMarshal.AsBytes<float>(tensor.Values));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
