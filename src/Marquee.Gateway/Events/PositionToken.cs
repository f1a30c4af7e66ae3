using Marquee.Contracts.Events;

namespace Marquee.Gateway.Events;

/// <summary>Reads the position tokens that acknowledgements carry: one position per touched partition, joined by <c>_</c>.</summary>
internal static class PositionToken
{
    /// <summary>Completes "the token …".</summary>
    public const string Rule = "must be a position token as an answer carried it, like 12.3.4711";

    // 4,096 partitions at their widest would be longer, but no batch touches more than its 1,000 events.
    private const int LengthMax = GatewayLimits.BatchItems * 48;

    /// <summary>Finds the position for one partition.</summary>
    /// <param name="token">The token.</param>
    /// <param name="partition">The partition that is asked about.</param>
    /// <param name="position">Its furthest position in the token; null when the token has none, and then nothing is to be waited for.</param>
    /// <returns>False when the text is not a token.</returns>
    public static bool TryRead(string token, int partition, out LogPosition? position)
    {
        position = null;
        if (token.Length > LengthMax)
        {
            return false;
        }

        foreach (var range in token.AsSpan().Split('_'))
        {
            if (!LogPosition.TryParse(token.AsSpan(range), out var entry))
            {
                return false;
            }

            if (entry.Partition == partition && (position is not { } found || found.Offset < entry.Offset))
            {
                position = entry;
            }
        }

        return true;
    }
}
