using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Marquee.Client.Events;

namespace Marquee.Cli.Replay;

/// <summary>Moves events in time. A moved event is another event: it gets another id, or the node would take it for the old one.</summary>
/// <param name="By">Added to each event's time.</param>
internal readonly record struct TimeShift(TimeSpan By)
{
    /// <summary>The event at its new time; one without a time, or a shift of zero, changes nothing.</summary>
    public EngagementEvent Apply(EngagementEvent engagement) => By == TimeSpan.Zero || engagement.OccurredAt is not { } time
        ? engagement
        : engagement with { OccurredAt = time + By, EventId = IdOf(engagement.EventId!) };

    private string IdOf(string eventId) => string.Create(
        CultureInfo.InvariantCulture,
        $"replay-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(eventId))[..16])}-{By.Ticks}");
}
