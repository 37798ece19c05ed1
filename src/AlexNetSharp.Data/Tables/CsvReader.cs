using System.Text;

namespace AlexNetSharp.Data;

/// <summary>A record of a CSV file.</summary>
/// <param name="Line">The line that it begins in, from 1 up.</param>
/// <param name="Fields">Its fields, without their quotes.</param>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Fields);

/// <summary>Reads CSV as RFC 4180 has it: commas, double quotes around fields with commas, quotes or line ends, quotes within doubled.</summary>
internal static class CsvReader
{
    private const char Quote = '"', Comma = ',';

    /// <summary>Reads all records; empty lines are passed over.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="InvalidDataException">A quote stands where none may, or is not closed; the message has the line.</exception>
    public static IEnumerable<CsvRecord> Read(string text, string path)
    {
        int line = 1;
        for (int at = 0; at < text.Length;)
        {
            int start = line;
            List<string> fields = [ReadField(text, path, ref at, ref line)];
            while (at < text.Length && text[at] == Comma)
            {
                at++;
                fields.Add(ReadField(text, path, ref at, ref line));
            }
            if (at < text.Length && text[at] == '\r')
                at++;
            if (at < text.Length && text[at] == '\n')
                at++;
            line++;
            if (fields.Count > 1 || fields[0].Length > 0)
                yield return new CsvRecord(start, fields);
        }
    }

    // Leaves at a comma, the end of a line or that of the text.
    private static string ReadField(string text, string path, ref int at, ref int line)
    {
        if (at >= text.Length || text[at] != Quote)
        {
            int start = at;
            while (at < text.Length && text[at] is not (Comma or '\r' or '\n'))
            {
                if (text[at++] == Quote)
                    throw new InvalidDataException($"'{path}': line {line}: expected no quote within a field that does not begin with one. Put the whole field in quotes and double those within.");
            }
            return text[start..at];
        }
        int opened = line;
        StringBuilder field = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n')
                line++;
            if (text[at] != Quote)
            {
                field.Append(text[at]);
                continue;
            }
            if (++at < text.Length && text[at] == Quote)
            {
                field.Append(Quote);
                continue;
            }
            if (at < text.Length && text[at] is not (Comma or '\r' or '\n'))
                throw new InvalidDataException($"'{path}': line {line}: expected a comma or the line's end after a closing quote, found '{text[at]}'. Double quotes within a field.");
            return field.ToString();
        }
        throw new InvalidDataException($"'{path}': line {opened}: expected a closing quote, found the end of the file. Close the quote that opens there.");
    }
}
