using System.Globalization;
using Marquee.Client.Models;
using Spectre.Console;

namespace Marquee.Cli.Models;

/// <summary>The kept versions as a table.</summary>
internal static class ModelsTable
{
    public static Table Of(ModelVersions versions)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in (string[])["", "version", "origin", "trained until", "events", "titles", "published", "NDCG@10", "replaced"])
        {
            table.AddColumn(column);
        }

        foreach (var version in versions.Versions)
        {
            table.AddRow(Array.ConvertAll(CellsOf(version), static cell => new Text(cell)));
        }

        if (versions.Versions.All(static version => !version.Current))
        {
            table.AddRow("*", versions.Current);
        }

        return table;
    }

    private static string[] CellsOf(ModelVersion version) =>
    [
        version.Current ? "*" : "",
        version.Version,
        version.Origin ?? "",
        Time(version.TrainedUntil),
        version.Events.ToString("N0", CultureInfo.InvariantCulture),
        version.Titles.ToString("N0", CultureInfo.InvariantCulture),
        Time(version.PublishedAt),
        version.Trial is { } trial
            ? string.Create(CultureInfo.InvariantCulture, $"{trial.Ndcg10:.0000} ({trial.ReplacedNdcg10:.0000}){(version.Forced ? " forced" : "")}")
            : version.Forced ? "forced" : "-",
        version.Replaced ?? "",
    ];

    private static string Time(DateTimeOffset? time) => time is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + "Z" : "-";
}
