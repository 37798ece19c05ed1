using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace AlexNetSharp.Cli;

/// <summary>Options that several commands share, and how their values are checked.</summary>
internal static class CommonOptions
{
    /// <summary>Without a default: commands know better ones than a fixed name.</summary>
    public static Option<string?> Data() =>
        Text("--data", "A name (mnist, fashion-mnist, cifar-10, cifar-100), a folder of pictures with one subfolder a class, a .csv of path,label, or a directory of IDX or CIFAR files", "D");

    /// <summary>The views that pictures are judged by.</summary>
    public static Option<string?> TestTimeAugmentation() => OptionalChoice(
        "--tta", "Test-time augmentation: average the probabilities of several views of a picture", [.. Augmentation.TestTimeAugmentation.All.Select(views => views.Name)]);

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads to compute with (default: one a processor)",
        HelpName = "N",
        CustomParser = result => Number(result, 1, 256, 0),
        DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, 256),
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON for machines" };

    /// <summary>The file that a command writes.</summary>
    public static Option<string> Output(string description)
    {
        Option<string> output = new("--out") { Description = description, HelpName = "FILE", Required = true };
        output.Validators.Add(RequireNames);
        return output;
    }

    public static Option<bool> Half() => new("--half") { Description = "Store the weights as float16: half the file, 11 significant bits" };

    public static Option<bool> Force() => new("--force") { Description = "Write over a file that is there" };

    public static Option<int?> OptionalCount(string name, string description, int smallest = 1) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Number(result, smallest, int.MaxValue, 0),
    };

    public static Option<double?> OptionalNumber(string name, string description, double smallest, double largest) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => Number(result, smallest, largest, 0),
    };

    /// <summary>An option that takes a name, of a file or otherwise.</summary>
    public static Option<string?> Text(string name, string description, string helpName)
    {
        Option<string?> option = new(name) { Description = description, HelpName = helpName };
        option.Validators.Add(RequireNames);
        return option;
    }

    public static Argument<string> Model(string description)
    {
        Argument<string> model = new("MODEL") { Description = description };
        model.Validators.Add(RequireNames);
        return model;
    }

    /// <summary>An option that takes one of a few words, one of them by default.</summary>
    public static Option<string> Choice(string name, string description, string helpName, string fallback, string[] allowed)
    {
        Option<string> option = new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => fallback };
        Restrict(option, allowed);
        return option;
    }

    /// <summary>An option that takes one of a few words, or is not given.</summary>
    public static Option<string?> OptionalChoice(string name, string description, string[] allowed)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', allowed) };
        Restrict(option, allowed);
        return option;
    }

    /// <summary>Refuses values that cannot be names of files: empty ones, and mistyped options, which the parser takes for values.</summary>
    public static void RequireNames(SymbolResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value.Length == 0)
                result.AddError($"{NameOf(result)} is empty; a name is expected.");
            else if (token.Value.StartsWith('-'))
                result.AddError($"{NameOf(result)} is '{token.Value}', which is no option here; if it is a file's name, write './{token.Value}'.");
        }
    }

    /// <summary>The option's value, or a message that says what it must be.</summary>
    public static T Number<T>(ArgumentResult result, T smallest, T largest, T fallback)
        where T : INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T? value) && value >= smallest && value <= largest)
            return value;
        string kind = typeof(T) == typeof(double) ? "a number" : "a whole number";
        result.AddError($"{NameOf(result)} is '{text}'; {kind} from {smallest} to {largest} is expected.");
        return fallback;
    }

    private static void Restrict(Option option, string[] allowed)
    {
        option.CompletionSources.Add(allowed);
        option.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(token => !allowed.Contains(token.Value)))
                result.AddError($"{option.Name} is '{token.Value}'; {string.Join(" or ", allowed)} is expected.");
        });
    }

    private static string NameOf(SymbolResult result) => result switch
    {
        OptionResult option => option.Option.Name,
        ArgumentResult { Parent: OptionResult parent } => parent.Option.Name,
        ArgumentResult argument => argument.Argument.Name,
        _ => "The value",
    };
}
