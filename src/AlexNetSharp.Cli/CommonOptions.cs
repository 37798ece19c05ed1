using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace AlexNetSharp.Cli;

/// <summary>Options that several commands share, and how their values are checked.</summary>
internal static class CommonOptions
{
    public static Option<string> Data() => new("--data")
    {
        Description = "mnist, fashion-mnist, or a directory of IDX files",
        HelpName = "D",
        DefaultValueFactory = _ => "mnist",
    };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads to compute with (default: one a processor)",
        HelpName = "N",
        CustomParser = result => Number(result, 1, 256, 0),
        DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, 256),
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON for machines" };

    public static Option<int?> OptionalCount(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Number(result, 1, int.MaxValue, 0),
    };

    public static Argument<string> Model(string description) => new("MODEL") { Description = description };

    /// <summary>The option's value, or a message that says what it must be.</summary>
    public static T Number<T>(ArgumentResult result, T smallest, T largest, T fallback)
        where T : INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T? value) && value >= smallest && value <= largest)
            return value;
        string kind = typeof(T) == typeof(double) ? "a number" : "a whole number";
        string option = result.Parent is OptionResult parent ? parent.Option.Name : "The value";
        result.AddError(largest < T.CreateSaturating(int.MaxValue)
            ? $"{option} is '{text}'; {kind} from {smallest} to {largest} is expected."
            : $"{option} is '{text}'; {kind} from {smallest} up is expected.");
        return fallback;
    }
}
