namespace Marquee.Client.Titles;

/// <summary>A page of the catalogue.</summary>
public sealed record TitlePage
{
    /// <summary>The most popular first.</summary>
    public IReadOnlyList<Title> Items { get; init => field = value ?? []; } = [];

    /// <summary>The cursor of the next page; null at the end.</summary>
    public string? Next { get; init; }
}
