using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Server;

/// <summary>What the page's form asks for.</summary>
/// <param name="Data">The name of a data set that lies on this machine. No path: a page is not to read any folder.</param>
/// <param name="Recipe">The name of a recipe.</param>
/// <param name="Epochs">Passes over the training pictures; null for the recipe's.</param>
/// <param name="Seed">Decides everything random; null for 1.</param>
/// <param name="Name">What the run is called; null for its date and model.</param>
internal sealed partial record TrainingRequest(string? Data, string? Recipe, int? Epochs, ulong? Seed, string? Name)
{
    private const int MostEpochs = 1000;

    /// <summary>The options of <c>alexnet train</c> that say so.</summary>
    /// <param name="data">The data sets that may be asked for.</param>
    /// <exception cref="RequestException">Something in it makes no sense (400).</exception>
    public IEnumerable<string> ToArguments(ImmutableArray<string> data)
    {
        if (Data is null || !data.Contains(Data))
            throw RequestException.Invalid($"The data set is '{Data}'; {(data.IsEmpty ? "none lies on this machine" : $"{string.Join(" or ", data)} is expected")}.");
        if (Training.Recipe.All.All(recipe => recipe.Name != Recipe))
            throw RequestException.Invalid($"There is no recipe called '{Recipe}'; {string.Join(", ", Training.Recipe.All.Select(recipe => recipe.Name))} are known.");
        if (Epochs is < 1 or > MostEpochs)
            throw RequestException.Invalid($"The number of epochs is {Epochs}; 1 to {MostEpochs} are expected.");
        if (Name is not null && !NameForm().IsMatch(Name))
            throw RequestException.Invalid($"The name '{Name}' cannot be a run's; letters, digits, '.', '_' and '-' are expected, at most 64, the first a letter or digit.");
        string[] epochs = Epochs is int passes ? ["--epochs", passes.ToString(CultureInfo.InvariantCulture)] : [];
        return ["--data", Data, "--recipe", Recipe!, "--seed", (Seed ?? 1).ToString(CultureInfo.InvariantCulture), .. epochs];
    }

    /// <summary>What the run is called.</summary>
    /// <param name="isTaken">Whether a name is in use.</param>
    /// <exception cref="RequestException">The name that was asked for is in use (409).</exception>
    public string ChooseName(Func<string, bool> isTaken)
    {
        if (Name is not null)
            return !isTaken(Name) ? Name : throw new RequestException(409, "conflict", $"There is something called '{Name}' already. Choose another name.");
        string wanted = string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-dd-HHmmss}-{Training.Recipe.Find(Recipe!).Model}"), name = wanted;
        for (int i = 2; isTaken(name); i++)
            name = $"{wanted}-{i}";
        return name;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z")]
    private static partial Regex NameForm();
}
