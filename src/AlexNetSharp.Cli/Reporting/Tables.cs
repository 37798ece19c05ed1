using Spectre.Console;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>Plain tables: names on the left, numbers on the right.</summary>
internal static class Tables
{
    // A pipe has no width of its own; a table must not be broken for it.
    private const int WidthWhenPiped = 200;

    public static Table Create(params ReadOnlySpan<string> columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        for (int i = 0; i < columns.Length; i++)
            table.AddColumn(new TableColumn(columns[i]) { Alignment = i == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        return table;
    }

    /// <summary>Whether the output has room for so many columns of characters.</summary>
    public static bool Fits(int width) => Console.IsOutputRedirected || AnsiConsole.Profile.Width >= width;

    /// <param name="table">The table.</param>
    /// <param name="leastWidth">Columns of characters that it needs: a narrower terminal breaks its lines, which still loses nothing.</param>
    public static void Write(Table table, int leastWidth = 0)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = Math.Max(WidthWhenPiped, leastWidth);
        else if (!Fits(leastWidth))
            AnsiConsole.Profile.Width = leastWidth;
        AnsiConsole.Write(table);
    }
}
