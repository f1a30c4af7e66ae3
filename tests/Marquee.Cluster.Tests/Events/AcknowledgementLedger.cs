using System.Collections.Concurrent;

namespace Marquee.Cluster.Tests.Events;

/// <summary>What a producer knows of its events: acknowledged for certain, or sent without an answer.</summary>
internal sealed class AcknowledgementLedger
{
    private readonly ConcurrentDictionary<string, SentEvent> _sent = new();

    public IEnumerable<SentEvent> Acknowledged => _sent.Values.Where(sent => sent.IsAcknowledged);

    public IEnumerable<SentEvent> All => _sent.Values;

    public void Sent(SentEvent sent) => _sent[sent.EventId] = sent;

    public void AcknowledgedBatch(IEnumerable<SentEvent> batch)
    {
        foreach (var sent in batch)
        {
            _sent[sent.EventId] = sent with { IsAcknowledged = true };
        }
    }
}

/// <summary>One event that a producer has sent.</summary>
internal sealed record SentEvent(string EventId, string UserId, string TitleId, string Type, bool IsAcknowledged = false);
