using System.Globalization;
using Marquee.Client.Recommendations;
using Spectre.Console;

namespace Marquee.Cli.Recommendations;

/// <summary>Slates as tables for people.</summary>
internal static class SlateTable
{
    public static void Write(IAnsiConsole console, Slate slate)
    {
        console.Write(TableOf(slate.Items));
        console.MarkupLineInterpolated($"[grey]{slate.Surface} · {slate.Source} · model {slate.ModelVersion} · position {slate.Position} · {slate.RecommendationId}[/]");
        Warn(console, slate.Degraded);
    }

    public static void Write(IAnsiConsole console, HomePage page)
    {
        foreach (var row in page.Rows)
        {
            console.MarkupLineInterpolated($"[bold]{row.Name}[/] [grey]{row.RowId}[/]");
            console.Write(TableOf(row.Items));
        }

        console.MarkupLineInterpolated($"[grey]{page.Rows.Count} rows · position {page.Position}[/]");
        Warn(console, page.Degraded);
    }

    private static Table TableOf(IReadOnlyList<SlateItem> items)
    {
        var explained = items.Any(item => item.Parts is { Count: > 0 });
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("rank").RightAligned());
        table.AddColumn("title");
        table.AddColumn(new TableColumn("score").RightAligned());
        table.AddColumn("reason");
        if (explained)
        {
            table.AddColumn("parts");
        }

        foreach (var item in items)
        {
            string[] cells = [Number(item.Rank, "0"), NameOf(item), Number(item.Score, "0.0000"), item.Reason ?? "", .. explained ? [PartsOf(item)] : Array.Empty<string>()];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        return table;
    }

    private static string NameOf(SlateItem item)
    {
        var name = item.Title?.Name is { Length: > 0 } known ? $"{known}{(item.Title.ReleaseYear is { } year ? $" ({year})" : "")} · {item.TitleId}" : item.TitleId;
        return item.Origin == "explore" ? name + " (explored)" : name;
    }

    /// <summary>The largest parts first; they add up to the score.</summary>
    private static string PartsOf(SlateItem item) => string.Join("\n", (item.Parts ?? [])
        .OrderByDescending(part => Math.Abs(part.Value))
        .Select(part => $"{Number(part.Value, "+0.0000;-0.0000")} {part.Name}{(part.TitleId is { } from ? $" ({from})" : "")}"));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Warn(IAnsiConsole console, bool degraded)
    {
        if (degraded)
        {
            console.MarkupLine("[yellow]degraded: slower, older or plainer than asked for[/]");
        }
    }
}
