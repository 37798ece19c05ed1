namespace AlexNetSharp.Augmentation;

/// <summary>What the values of options must be.</summary>
internal static class Limits
{
    public static void Share(float value, string name) => Within(value, 0, 1, name);

    public static void Within(float value, float least, float most, string name)
    {
        if (!(value >= least) || value > most)
            throw new ArgumentException($"Augmentation: {name} is {value}; it must lie between {least} and {most}.");
    }

    public static void Range(float minimum, float maximum, float above, float most, string name)
    {
        if (!(minimum > above) || !(maximum <= most) || minimum > maximum)
            throw new ArgumentException($"Augmentation: {name} goes from {minimum} to {maximum}; it must lie above {above}, end at {most} or below, and not fall.");
    }

    public static void Defined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentException($"Augmentation: {name} is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
    }
}
