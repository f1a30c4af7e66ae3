using Marquee.Contracts.Events;
using Marquee.Engine.Events;

namespace Marquee.Tests.Simulation;

/// <summary>Names what an entry of the log is about: an event of a user, or the user's erasure.</summary>
internal static class EventKey
{
    public static string Of(string tenant, string userId, string? eventId) => $"{tenant}/{userId}#{eventId ?? "erased"}";

    public static string Of(in LogEntry entry) => Of(entry.Tenant, entry.UserId, entry.Event?.EventId);
}

/// <summary>What clients and viewers saw of a run: every attempt with its outcome, every answer, every offset that was named.</summary>
internal sealed class RunHistory
{
    /// <summary>By key, what was asked for and what was answered.</summary>
    public SortedDictionary<string, EntryFate> Entries { get; } = new(StringComparer.Ordinal);

    public List<HistoryRead> Reads { get; } = [];

    /// <summary>By partition and offset, what a partition said lies there.</summary>
    public SortedDictionary<(int Partition, long Offset), string> Offsets { get; } = [];

    /// <summary>What contradicted something earlier while it was noted.</summary>
    public List<string> Contradictions { get; } = [];

    public void Invoked(LogEntry entry, int partition)
    {
        var key = EventKey.Of(entry);
        if (!Entries.TryGetValue(key, out var fate))
        {
            Entries.Add(key, fate = new EntryFate(entry, partition));
        }

        fate.Attempts++;
    }

    public void Acknowledged(LogEntry entry, LogPosition position)
    {
        var fate = Entries[EventKey.Of(entry)];
        fate.Acknowledgements.Add(position);
    }

    public void Refused(LogEntry entry) => Entries[EventKey.Of(entry)].Refusals++;

    public void Unknown(LogEntry entry) => Entries[EventKey.Of(entry)].Unknowns++;

    public void HandedOver(int partition, long offset, string key)
    {
        if (!Offsets.TryAdd((partition, offset), key) && Offsets[(partition, offset)] != key)
        {
            Contradictions.Add($"Offset {offset} of partition {partition} was {Offsets[(partition, offset)]} and is {key}.");
        }
    }
}

/// <summary>What became of one event or erasure, as its producer saw it.</summary>
internal sealed class EntryFate(LogEntry entry, int partition)
{
    public LogEntry Entry { get; } = entry;

    public int Partition { get; } = partition;

    public int Attempts { get; set; }

    public List<LogPosition> Acknowledgements { get; } = [];

    public int Refusals { get; set; }

    public int Unknowns { get; set; }
}

/// <summary>An answer to a viewer.</summary>
/// <param name="Tenant">Scopes the user.</param>
/// <param name="UserId">The user.</param>
/// <param name="After">The position that was asked for, or null.</param>
/// <param name="IsDegraded">Whether the answer said that it may be older.</param>
/// <param name="Position">The position that the answer says it covers.</param>
/// <param name="EventIds">Newest event time first, at most <see cref="EventsMost"/>.</param>
internal sealed record HistoryRead(string Tenant, string UserId, LogPosition? After, bool IsDegraded, LogPosition Position, IReadOnlyList<string> EventIds)
{
    public const int EventsMost = 1_000;
}
