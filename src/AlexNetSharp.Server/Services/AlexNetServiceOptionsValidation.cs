using Microsoft.Extensions.Options;

namespace AlexNetSharp.Server;

/// <summary>Says what is wrong with the options before the application takes its first request.</summary>
internal sealed class AlexNetServiceOptionsValidation : IValidateOptions<AlexNetServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, AlexNetServiceOptions options)
    {
        List<string> failures = [];
        if (string.IsNullOrEmpty(options.Model))
            failures.Add($"AddAlexNet: no model is named. Set {AlexNetServiceOptions.Section}:{nameof(options.Model)} in the configuration, or options.{nameof(options.Model)}, to a .safetensors file.");
        else if (!File.Exists(options.Model))
            failures.Add($"AddAlexNet: there is no model at '{options.Model}', seen from '{Environment.CurrentDirectory}'. Name a .safetensors file.");
        if (options.Queue < 1)
            failures.Add($"AddAlexNet: {nameof(options.Queue)} is {options.Queue}; expected at least 1.");
        if (options.MaximalPictureBytes < 1)
            failures.Add($"AddAlexNet: {nameof(options.MaximalPictureBytes)} is {options.MaximalPictureBytes}; expected at least 1.");
        try
        {
            options.ToAlexNetOptions();
        }
        catch (ArgumentException e)
        {
            failures.Add($"AddAlexNet: {e.Message}");
        }
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
