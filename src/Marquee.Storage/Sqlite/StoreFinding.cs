using Marquee.Storage.Events;

namespace Marquee.Storage.Sqlite;

/// <summary>One thing in a store that is not what was written.</summary>
/// <param name="Place">Where: file, table, partition and offset or key.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Found">What is there.</param>
public sealed record StoreFinding(string Place, string Expected, string Found)
{
    /// <summary>What the operator can do.</summary>
    public string NextStep { get; init; } = RepairAdvice.Restore;

    /// <summary>The finding that an exception tells of.</summary>
    public static StoreFinding From(StoreDamagedException exception)
        => new(exception.Place, exception.Expected, exception.Found) { NextStep = exception.NextStep };

    /// <summary>The exception that a node stops with.</summary>
    public StoreDamagedException ToException() => new(Place, Expected, Found, NextStep);

    /// <inheritdoc/>
    public override string ToString() => $"{Place}: expected {Expected}, found {Found}";
}
