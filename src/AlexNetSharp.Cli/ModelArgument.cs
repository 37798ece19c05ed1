using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop;
using AlexNetSharp.Models;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Cli;

/// <summary>A model named on the command line: a file, or the folder that a run wrote it to.</summary>
internal static class ModelArgument
{
    private const string DescriptionExtension = ".json";

    /// <summary>The model to train that is called so, or that a JSON file describes, for the classes of the data.</summary>
    /// <exception cref="InvalidModelException">There is no such name or file, or it describes no model.</exception>
    public static ModelSpec Create(string nameOrFile, ImmutableArray<string> classes) => Describe(nameOrFile).WithClasses(classes);

    /// <summary>Whether an argument means a model without weights: one of the known names, or a JSON file.</summary>
    public static bool IsDescription(string model) =>
        ModelCatalog.Names.Contains(model) || model.EndsWith(DescriptionExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The model that is called so, with the classes that it was published with, or that a JSON file describes, with those named there.</summary>
    /// <exception cref="InvalidModelException">There is no such name or file, or it describes no model.</exception>
    public static ModelSpec Describe(string nameOrFile)
    {
        if (ModelCatalog.Names.Contains(nameOrFile))
            return ModelCatalog.Create(nameOrFile);
        if (File.Exists(nameOrFile))
            return ModelSpec.FromJson(File.ReadAllText(nameOrFile), nameOrFile);
        throw new InvalidModelException($"'{nameOrFile}' is neither the name of a model nor a file that describes one. Known names: {string.Join(", ", ModelCatalog.Names)}; a file holds a model's JSON (docs/models.md).");
    }

    /// <summary>The model in a file, or in a run's folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="model">What the weights are of, where the file does not say so.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Network Load(string path, ModelSpec? model = null)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, RunFolder.ModelName) : path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no model at '{file}'. Train one with 'alexnet train', or name a run's folder, a .safetensors file, PyTorch's weights (.pth), or an .onnx model.");
        return ModelLoader.Load(file, model, CommandRunner.WriteError);
    }
}
