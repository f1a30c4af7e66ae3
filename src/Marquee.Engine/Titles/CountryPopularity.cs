using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>A title's decayed popularity per country, for the countries that watched it first; bounded.</summary>
public sealed class CountryPopularity
{
    /// <summary>How many countries a title keeps apart in one partition; later ones count only towards the whole.</summary>
    public const int MostCountries = 64;

    private KeyValuePair<string, DecayedPopularity>[] _entries = [];

    /// <summary>How many countries there are.</summary>
    public int Count => _entries.Length;

    /// <summary>Adds one positive.</summary>
    /// <param name="country">Upper-case ISO 3166-1 alpha-2 code.</param>
    /// <param name="occurredAt">Event time, milliseconds since the Unix epoch.</param>
    public void Add(string country, long occurredAt)
    {
        var slot = Array.FindIndex(_entries, entry => entry.Key == country);
        if (slot < 0)
        {
            if (_entries.Length == MostCountries)
            {
                return;
            }

            slot = _entries.Length;
            Array.Resize(ref _entries, slot + 1);
        }

        var popularity = _entries[slot].Value;
        popularity.Add(occurredAt);
        _entries[slot] = new(country, popularity);
    }

    /// <summary>A copy of the entries.</summary>
    public KeyValuePair<string, DecayedPopularity>[] Snapshot() => [.. _entries];

    /// <summary>Writes the entries.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Unsigned((ulong)_entries.Length);
        foreach (var (country, popularity) in _entries)
        {
            writer.Text(country);
            popularity.Write(ref writer);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CountryPopularity Read(ref BinaryFormatReader reader)
    {
        var entries = new KeyValuePair<string, DecayedPopularity>[reader.Count(reader.Remaining)];
        for (var i = 0; i < entries.Length; i++)
        {
            var country = reader.Text();
            entries[i] = new(country, DecayedPopularity.Read(ref reader));
        }

        return new CountryPopularity { _entries = entries };
    }
}
