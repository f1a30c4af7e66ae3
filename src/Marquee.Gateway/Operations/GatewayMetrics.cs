using System.Diagnostics.Metrics;

namespace Marquee.Gateway.Operations;

/// <summary>What the gateway counts. Request durations per route come from ASP.NET Core's own meters.</summary>
internal sealed class GatewayMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Marquee.Gateway";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _degraded;
    private long _rejectedTotal;

    public GatewayMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _accepted = meter.CreateCounter<long>("marquee.events.accepted", "{event}", "Events acknowledged as durable.");
        _duplicates = meter.CreateCounter<long>("marquee.events.duplicates", "{event}", "Events dropped because their id was known.");
        _rejected = meter.CreateCounter<long>("marquee.events.rejected", "{event}", "Events that were not valid.");
        _refused = meter.CreateCounter<long>("marquee.requests.refused", "{request}", "Requests refused because of too much work.");
        _degraded = meter.CreateCounter<long>("marquee.reads.degraded", "{request}", "Reads answered more plainly than asked.");
    }

    /// <summary>Events rejected since the start.</summary>
    public long RejectedTotal => Interlocked.Read(ref _rejectedTotal);

    public void EventsAppended(int accepted, int duplicates)
    {
        _accepted.Add(accepted);
        _duplicates.Add(duplicates);
    }

    public void EventsRejected(int count)
    {
        if (count > 0)
        {
            _rejected.Add(count);
            Interlocked.Add(ref _rejectedTotal, count);
        }
    }

    /// <summary>A request was refused by the bound named.</summary>
    public void Refused(string bound) => _refused.Add(1, new KeyValuePair<string, object?>("bound", bound));

    /// <summary>A read was answered more plainly than asked.</summary>
    public void Degraded(string read) => _degraded.Add(1, new KeyValuePair<string, object?>("read", read));
}
