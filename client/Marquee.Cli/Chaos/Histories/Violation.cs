namespace Marquee.Cli.Chaos.Histories;

/// <summary>Something that the product promises and the history denies.</summary>
/// <param name="Rule">Which promise.</param>
/// <param name="Detail">What was expected and what was found.</param>
internal sealed record Violation(string Rule, string Detail);
