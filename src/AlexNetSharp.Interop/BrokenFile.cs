namespace AlexNetSharp.Interop;

/// <summary>What is wrong with a file that nobody trusts.</summary>
internal static class BrokenFile
{
    // Names in files may be long, and no message needs all of one.
    private const int LongestMessage = 4000;

    /// <summary>The exception that says so, in one line: what the file holds is quoted without its control characters.</summary>
    public static InvalidDataException Because(string message, Exception? inner = null) => new(OneLine(message), inner);

    private static string OneLine(string message) => string.Concat(
        (message.Length <= LongestMessage ? message : message[..LongestMessage] + "…").Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? '?' : letter));
}
