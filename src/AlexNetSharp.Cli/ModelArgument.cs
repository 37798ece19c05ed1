using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Cli;

/// <summary>A model named on the command line: a file, or the folder that a run wrote it to.</summary>
internal static class ModelArgument
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "model.safetensors";

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Network Load(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no model at '{file}'. Train one with 'alexnet train', or name a .safetensors file or a run's folder.");
        return ModelFile.Load(file);
    }
}
