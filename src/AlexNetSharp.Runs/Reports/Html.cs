using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace AlexNetSharp.Runs.Reports;

/// <summary>HTML that is being written. What stands in the braces of an interpolated string is text and gets escaped; what stands around them is markup.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a line.</summary>
    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => _text.Append('\n');

    /// <summary>Adds a line that is markup as it stands.</summary>
    public void AddRaw(string markup) => _text.Append(markup).Append('\n');

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Numbers are written the same in every country.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        private readonly StringBuilder _text;

        public Markup(int literalLength, int formattedCount, Html html)
        {
            _ = (literalLength, formattedCount);
            _text = html._text;
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted<T>(T value, string? format = null) =>
            _text.Append(WebUtility.HtmlEncode(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString()));
    }
}
