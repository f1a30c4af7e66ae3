using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using EngagementType = Marquee.Engine.Events.EngagementType;

namespace Marquee.Tests.Simulation;

/// <summary>Draws what producers send: users and titles after Zipf's law, events of every type, a rare erasure.</summary>
internal sealed class Workload(Random chance, int producer, TimeProvider time, int partitions)
{
    private const int Users = 40;
    private const int Titles = 120;
    private static readonly string[] Tenants = ["default", "other"];

    private int _events;

    /// <summary>A batch of one partition, as the gateway sends it; an erasure comes alone.</summary>
    public Shipment Next()
    {
        var tenant = Tenants[chance.Next(8) == 0 ? 1 : 0];
        var user = User();
        var partition = PartitionHash.Of(tenant, user, partitions);
        if (chance.Next(150) == 0)
        {
            return new Shipment(partition, tenant, [new LogEntry(tenant, user, null)], []);
        }

        var entries = new List<LogEntry>();
        var messages = ImmutableArray.CreateBuilder<EngagementMessage>();
        for (var wanted = 1 + chance.Next(chance.Next(4) == 0 ? 12 : 3); entries.Count < wanted; user = User())
        {
            if (PartitionHash.Of(tenant, user, partitions) == partition)
            {
                var engagement = Event(user);
                entries.Add(new LogEntry(tenant, user, engagement));
                messages.Add(Marquee.Grains.Events.EngagementMapping.ToMessage(engagement));
            }
        }

        return new Shipment(partition, tenant, entries, messages.DrainToImmutable());
    }

    public (string Tenant, string UserId) Viewer() => (Tenants[chance.Next(8) == 0 ? 1 : 0], User());

    private string User() => $"u{Zipf(Users)}";

    private EngagementEvent Event(string user)
    {
        var type = (EngagementType)(1 + chance.Next(13));
        var hasPosition = type is EngagementType.Play or EngagementType.Progress or EngagementType.Abandon && chance.Next(3) > 0;
        return new EngagementEvent
        {
            EventId = $"p{producer}-{_events++}",
            UserId = user,
            TitleId = $"t{Zipf(Titles)}",
            Type = type,
            OccurredAt = time.GetUtcNow().ToUnixTimeMilliseconds() - (chance.Next(5) == 0 ? chance.Next(86_400_000) : chance.Next(2_000)),
            Value = type == EngagementType.Rate ? (1 + chance.Next(10)) / 2.0 : null,
            PositionSeconds = hasPosition ? chance.Next(7_200) : null,
            DurationSeconds = hasPosition ? 7_200 : null,
            SessionId = chance.Next(4) == 0 ? "s" : null,
            Country = chance.Next(3) == 0 ? "DE" : null,
            Device = chance.Next(3) == 0 ? "tv" : null,
        };
    }

    /// <summary>0 to n − 1; the k-th about as often as 1 / (k + 1).</summary>
    private int Zipf(int n) => (int)Math.Pow(n, chance.NextDouble()) - (chance.Next(2) == 0 ? 0 : 1);
}

/// <summary>What is sent in one call.</summary>
/// <param name="Partition">Where to.</param>
/// <param name="Tenant">Scopes the ids.</param>
/// <param name="Entries">As the log will have them.</param>
/// <param name="Messages">The same as the call carries them; none for an erasure.</param>
internal sealed record Shipment(int Partition, string Tenant, IReadOnlyList<LogEntry> Entries, ImmutableArray<EngagementMessage> Messages);
