using Marquee.Engine.Events;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Users;

/// <summary>The bytes of one event in a viewer's history.</summary>
/// <remarks>
/// A byte of type (low four bits), shape of the event id (two bits) and two flags; the event time as a difference to the
/// entry before; the title, as its number in a table (in memory) or by id (stored); the event id; then value and
/// playback in milliseconds if there are any.
/// </remarks>
internal static class HistoryEntryCodec
{
    private const int TypeMask = 0x0F;
    private const int ShapeShift = 4;
    private const int ShapeMask = 0x03;
    private const int ValueFlag = 0x40;
    private const int PlaybackFlag = 0x80;
    private const double MillisecondsPerSecond = 1000;
    private const long NoPlayback = -1;

    /// <summary>Writes an event.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="engagement">The event.</param>
    /// <param name="previous">Event time of the entry before; set to this one's.</param>
    /// <param name="titles">Numbers the title; null writes its id.</param>
    public static void Write(ref BinaryFormatWriter writer, EngagementEvent engagement, ref long previous, TitleTable? titles)
    {
        var shape = EventIdCodec.ShapeOf(engagement.EventId, out var bits);
        var hasPlayback = engagement.PositionSeconds is not null || engagement.DurationSeconds is not null;
        writer.Byte((byte)((int)engagement.Type
            | (shape << ShapeShift)
            | (engagement.Value is null ? 0 : ValueFlag)
            | (hasPlayback ? PlaybackFlag : 0)));
        writer.Signed(engagement.OccurredAt - previous);
        previous = engagement.OccurredAt;
        if (titles is null)
        {
            writer.Text(engagement.TitleId);
        }
        else
        {
            writer.Unsigned((ulong)titles.NumberOf(engagement.TitleId));
        }

        EventIdCodec.Write(ref writer, shape, bits, engagement.EventId);
        if (engagement.Value is { } value)
        {
            writer.Double(value);
        }

        if (hasPlayback)
        {
            writer.Signed(Milliseconds(engagement.PositionSeconds));
            writer.Signed(Milliseconds(engagement.DurationSeconds));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Gives the bytes.</param>
    /// <param name="userId">The viewer, for the event to name.</param>
    /// <param name="previous">Event time of the entry before; set to this one's.</param>
    /// <param name="titles">Numbered the title; null when its id was written.</param>
    /// <param name="withEventId">Whether the event's id is wanted, which is most of what reading allocates; it is empty otherwise.</param>
    public static EngagementEvent Read(ref BinaryFormatReader reader, string userId, ref long previous, TitleTable? titles, bool withEventId = true)
    {
        var head = reader.Byte();
        previous += reader.Signed();
        var titleId = titles is null ? reader.Text() : titles.IdOf(reader.Count());
        var eventId = EventIdCodec.Read(ref reader, (head >> ShapeShift) & ShapeMask, withEventId);
        double? value = (head & ValueFlag) != 0 ? reader.Double() : null;
        var (position, duration) = (head & PlaybackFlag) != 0 ? (reader.Signed(), reader.Signed()) : (NoPlayback, NoPlayback);
        return new EngagementEvent
        {
            EventId = eventId,
            UserId = userId,
            TitleId = titleId,
            Type = (EngagementType)(head & TypeMask),
            OccurredAt = previous,
            Value = value,
            PositionSeconds = Seconds(position),
            DurationSeconds = Seconds(duration),
        };
    }

    /// <summary>Copies what <see cref="Write"/> wrote, with the title in the other form; makes no object of it.</summary>
    /// <param name="reader">Gives the bytes.</param>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="from">Numbered the title; null when its id was written.</param>
    /// <param name="to">Numbers the title; null writes its id.</param>
    /// <returns>The event's time as a difference to the entry before.</returns>
    public static long Copy(ref BinaryFormatReader reader, ref BinaryFormatWriter writer, TitleTable? from, TitleTable? to)
    {
        var head = reader.Byte();
        writer.Byte(head);
        var elapsed = reader.Signed();
        writer.Signed(elapsed);
        var titleId = from is null ? to?.Intern(reader.Bytes()) ?? reader.Text() : from.IdOf(reader.Count());
        if (to is null)
        {
            writer.Text(titleId);
        }
        else
        {
            writer.Unsigned((ulong)to.NumberOf(titleId));
        }

        EventIdCodec.Copy(ref reader, ref writer, (head >> ShapeShift) & ShapeMask);
        if ((head & ValueFlag) != 0)
        {
            writer.Double(reader.Double());
        }

        if ((head & PlaybackFlag) != 0)
        {
            writer.Signed(reader.Signed());
            writer.Signed(reader.Signed());
        }

        return elapsed;
    }

    private static long Milliseconds(double? seconds) =>
        seconds is { } given ? (long)Math.Min(Math.Round(given * MillisecondsPerSecond), long.MaxValue / 2) : NoPlayback;

    private static double? Seconds(long milliseconds) => milliseconds == NoPlayback ? null : milliseconds / MillisecondsPerSecond;
}
