using System.Globalization;

namespace Marquee.Contracts.Users;

/// <summary>Names the last event that a page of a history handed out: by event time and arrival, so that events that come meanwhile shift nothing.</summary>
/// <param name="OccurredAt">Event time, milliseconds since the Unix epoch.</param>
/// <param name="Arrival">The event's place in the order of arrival, from 0.</param>
public readonly record struct HistoryCursor(long OccurredAt, int Arrival)
{
    /// <summary>What a cursor must be, for an error message.</summary>
    public const string Rule = "must be the 'next' of the page before, unchanged";

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string text, out HistoryCursor cursor)
    {
        cursor = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var occurredAt)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var arrival))
        {
            return false;
        }

        cursor = new HistoryCursor(occurredAt, arrival);
        return true;
    }

    /// <summary>The token for clients.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{OccurredAt}.{Arrival}");
}
