namespace Marquee.Cli.Chaos.Reports;

/// <summary>One fault that was inflicted.</summary>
/// <param name="Nemesis">Its name.</param>
/// <param name="Target">What it struck.</param>
/// <param name="BeganAt">Milliseconds since the run began.</param>
/// <param name="HealedAt">When everything was healed.</param>
/// <param name="EndedAt">When the next fault, or the end of the run, began.</param>
internal sealed record Injection(string Nemesis, string Target, double BeganAt, double HealedAt, double EndedAt);
