namespace AlexNetSharp.Reference;

/// <summary>The one check that every twin makes: an array of the wrong length would be read wrongly without a word.</summary>
internal static class Expect
{
    public static void Length(Array array, int expected, string name)
    {
        if (array.Length != expected)
            throw new ArgumentException($"{name} holds {array.Length} values, its shape needs {expected}.", name);
    }
}
