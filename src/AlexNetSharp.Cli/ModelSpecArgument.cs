using AlexNetSharp.Models;

namespace AlexNetSharp.Cli;

/// <summary>A model without weights, named on the command line: by its name, or by a JSON file that somebody wrote.</summary>
internal static class ModelSpecArgument
{
    private const string Extension = ".json";

    /// <summary>Whether an argument means a model's JSON file.</summary>
    public static bool IsFile(string model) => model.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The model, with as many classes as it was published with, or as its file says; <see cref="ModelSpec.WithClasses"/> gives it those of the data.</summary>
    /// <param name="model">A name of the catalogue, or a path that ends in .json.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidModelException">No model has that name, or the file holds none.</exception>
    public static ModelSpec Find(string model)
    {
        if (!IsFile(model))
            return ModelCatalog.Create(model);
        return File.Exists(model)
            ? ModelSpec.FromJson(File.ReadAllText(model), model)
            : throw new FileNotFoundException($"There is no model at '{model}'. Name a .json file that describes one, or one of {string.Join(", ", ModelCatalog.Names)}.");
    }
}
