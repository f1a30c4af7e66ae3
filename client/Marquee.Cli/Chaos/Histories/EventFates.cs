namespace Marquee.Cli.Chaos.Histories;

/// <summary>What the client learned of each event over all the calls that carried it, and of each user's erasure.</summary>
internal sealed class EventFates
{
    private readonly Dictionary<string, EventFate> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Erasure> _erasures = new(StringComparer.Ordinal);

    public EventFates(IEnumerable<CallRecord> calls)
    {
        foreach (var call in calls)
        {
            if (call.Invoke.Action == CallAction.Append)
            {
                Add(call);
            }
            else if (call.Invoke.Action == CallAction.Erase)
            {
                // Sent again after an unknown outcome, an erasure counts from its first acknowledgement.
                var user = call.Invoke.User!;
                var known = _erasures.GetValueOrDefault(user, new Erasure(double.MaxValue, double.MaxValue));
                _erasures[user] = new Erasure(
                    Math.Min(known.BegunAt, call.Invoke.At),
                    call.Outcome is { Kind: RecordKind.Ok } erased ? Math.Min(known.DoneAt, erased.At) : known.DoneAt);
            }
        }
    }

    /// <summary>Every event that was sent, in the order of the first sending.</summary>
    public IReadOnlyCollection<EventFate> All => _events.Values;

    /// <summary>By user, the erasures that were tried.</summary>
    public IReadOnlyDictionary<string, Erasure> Erasures => _erasures;

    /// <summary>What is known of an event; null when nobody sent it.</summary>
    public EventFate? Of(string eventId) => _events.GetValueOrDefault(eventId);

    /// <summary>A user's erasure; null when nobody tried.</summary>
    public Erasure? ErasureOf(string user) => _erasures.GetValueOrDefault(user);

    private void Add(CallRecord call)
    {
        var events = call.Invoke.Events ?? [];
        for (var i = 0; i < events.Count; i++)
        {
            var kind = call.Outcome is not { } outcome ? RecordKind.Unknown : outcome.Outcomes is { } each ? each[i] : outcome.Kind;
            var fate = _events.TryGetValue(events[i].Id, out var known) ? known : _events[events[i].Id] = new EventFate(events[i]);
            fate.SentAt = Math.Min(fate.SentAt, call.Invoke.At);
            if (kind == RecordKind.Ok)
            {
                fate.AcknowledgedAt = Math.Min(fate.AcknowledgedAt, call.Outcome!.At);
                fate.Acknowledgements.Add(call);
            }
            else if (kind == RecordKind.Unknown)
            {
                fate.MayBeThere = true;
            }
        }
    }
}

/// <summary>What is known of one event.</summary>
internal sealed class EventFate(RecordedEvent sent)
{
    /// <summary>The event.</summary>
    public RecordedEvent Event { get; } = sent;

    /// <summary>When it was sent first.</summary>
    public double SentAt { get; set; } = double.MaxValue;

    /// <summary>When it was first acknowledged; at the end of time when it never was.</summary>
    public double AcknowledgedAt { get; set; } = double.MaxValue;

    /// <summary>The calls that acknowledged it.</summary>
    public List<CallRecord> Acknowledgements { get; } = [];

    /// <summary>Whether a call that carried it has an unknown outcome.</summary>
    public bool MayBeThere { get; set; }

    /// <summary>Whether it was acknowledged.</summary>
    public bool IsAcknowledged => AcknowledgedAt < double.MaxValue;
}

/// <summary>A user's erasure.</summary>
/// <param name="BegunAt">When it was asked for first.</param>
/// <param name="DoneAt">When it was acknowledged; at the end of time when it never was.</param>
internal sealed record Erasure(double BegunAt, double DoneAt);
