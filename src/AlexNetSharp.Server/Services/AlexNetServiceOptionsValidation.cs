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
        if (options.MaximalPictureBytes < 1)
            failures.Add($"AddAlexNet: {nameof(options.MaximalPictureBytes)} is {options.MaximalPictureBytes}; at least 1 is expected.");
        Collect(options.ToServerOptions().Validate, failures);
        Collect(() => RequireRoomForOne(options), failures);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void RequireRoomForOne(AlexNetServiceOptions options)
    {
        int views = options.FindViews().Views.Length;
        if (views > Math.Max(1, options.QueueCapacity))
            throw new ArgumentException($"{nameof(options.QueueCapacity)} is {options.QueueCapacity}; the views '{options.Views}' of one picture need {views}.");
    }

    private static void Collect(Action validate, List<string> failures)
    {
        try
        {
            validate();
        }
        catch (ArgumentException e)
        {
            failures.Add($"AddAlexNet: {e.Message}");
        }
    }
}
