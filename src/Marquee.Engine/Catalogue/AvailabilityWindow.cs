namespace Marquee.Engine.Catalogue;

/// <summary>A time span in which a title may be shown in one country.</summary>
/// <param name="Country">Upper-case ISO 3166-1 alpha-2 code.</param>
/// <param name="From">First moment, milliseconds since the Unix epoch; open when null.</param>
/// <param name="Until">First moment after the span; open when null.</param>
public sealed record AvailabilityWindow(string Country, long? From, long? Until)
{
    /// <summary>Whether <paramref name="now"/> (milliseconds since the Unix epoch) lies in the span.</summary>
    public bool Contains(long now) => (From is null || now >= From) && (Until is null || now < Until);
}
