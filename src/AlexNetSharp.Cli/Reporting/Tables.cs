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

    public static void Write(Table table)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthWhenPiped;
        AnsiConsole.Write(table);
    }
}
