using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Marquee.Cli.Load.Worlds;

namespace Marquee.Cli.Load.Traffic;

/// <summary>Writes the events of a call as NDJSON, straight into a lent buffer: some 100 ns per event, which is little beside what the server does with it.</summary>
/// <param name="world">Who does what.</param>
/// <param name="run">Begins every event id, so that each run's events are new.</param>
/// <param name="batch">Events of a call of the kind <see cref="TrafficKind.Batch"/>.</param>
/// <param name="hotShare">Share of events that go to the most popular title whoever sends them, 0 to 1.</param>
internal sealed class EventBodies(SimulatedWorld world, string run, int batch, double hotShare)
{
    // Two ids of at most 128 characters, the run's own of fewer, and the names of fields.
    private const int EventBytesMax = 512;

    private readonly string _users = world.UserPrefix;

    /// <summary>How many events the call carries.</summary>
    public int EventsOf(TrafficKind kind) => kind == TrafficKind.Batch ? batch : 1;

    /// <summary>Writes the body of a call.</summary>
    /// <returns>A buffer of the shared pool, which the caller returns to it, and how much of it is the body.</returns>
    public (byte[] Buffer, int Length) Write(Arrival arrival)
    {
        var count = EventsOf(arrival.Kind);
        var buffer = ArrayPool<byte>.Shared.Rent(count * EventBytesMax);
        var chance = world.ChanceAt(ChanceStream.Traffic, arrival.Number);
        var length = 0;
        for (var i = 0; i < count; i++)
        {
            length += Write(buffer.AsSpan(length), arrival.Number, i, ref chance);
        }

        return (buffer, length);
    }

    private int Write(Span<byte> target, long call, int index, ref Chance chance)
    {
        var engagement = world.DrawEngagement(ref chance);
        var title = world.Titles.IdOf(hotShare > 0 && chance.NextShare() < hotShare ? 0 : engagement.Title);
        var fits = Utf8.TryWrite(
            target,
            CultureInfo.InvariantCulture,
            $"{{\"eventId\":\"{run}-{call}-{index}\",\"userId\":\"{_users}{engagement.User}\",\"titleId\":\"{title}\",\"type\":\"{engagement.Type}\"",
            out var length);
        if (engagement.Stars is { } stars)
        {
            fits &= Utf8.TryWrite(target[length..], CultureInfo.InvariantCulture, $",\"value\":{stars}", out var more);
            length += more;
        }

        fits &= "}\n"u8.TryCopyTo(target[length..]);
        return fits ? length + 2 : throw new InvalidOperationException($"An event takes more than {EventBytesMax} bytes: {Encoding.UTF8.GetString(target[..length])}");
    }
}
