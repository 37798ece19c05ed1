using System.Globalization;
using System.Text;

namespace AlexNetSharp.Interop.TensorBoard;

/// <summary>Texts as Markdown, which TensorBoard shows.</summary>
internal static class TensorBoardText
{
    /// <summary>A text of any lines, shown letter by letter.</summary>
    public static string AsItIs(string text) => string.Join('\n', text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => "    " + line));

    /// <summary>A name, in which no character has a meaning.</summary>
    public static string Escape(string name) => string.Concat(name.EnumerateRunes().Select(Escape));

    private static string Escape(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || rune.Value == ' ' ? rune.ToString()
        : Rune.IsControl(rune) ? " "
        : string.Create(CultureInfo.InvariantCulture, $"&#{rune.Value};");
}
