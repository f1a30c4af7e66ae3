namespace Marquee.Cli.Import;

/// <summary>Which part of a source is wanted.</summary>
/// <param name="Titles">Read titles.</param>
/// <param name="Events">Read events.</param>
/// <param name="From">Only events at or after this time; events without a time always pass.</param>
/// <param name="To">Only events before this time; events without a time always pass.</param>
internal sealed record ImportSelection(bool Titles, bool Events, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>Whether an event of this time is wanted.</summary>
    public bool Covers(DateTimeOffset? time) => time is not { } known || ((From is null || known >= From) && (To is null || known < To));
}
