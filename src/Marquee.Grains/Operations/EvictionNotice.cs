namespace Marquee.Grains.Operations;

/// <summary>Who declared this silo dead; for the last words of its process. Thread-safe.</summary>
public sealed class EvictionNotice
{
    private volatile string? _text;

    /// <summary>One sentence; null when nobody did, or when that could not be read.</summary>
    public string? Text => _text;

    /// <summary>Takes it from the silo's own entry in the table of members, where who condemns a silo leaves its address.</summary>
    /// <param name="own">The entry.</param>
    public void Read(MembershipEntry own)
    {
        if (own.Status == SiloStatus.Dead && own.SuspectTimes is { Count: > 0 } suspected)
        {
            _text = $"Declared dead by {string.Join(" and ", suspected.Select(by => $"{by.Item1} at {by.Item2:HH:mm:ss} UTC"))}; why is in the log there.";
        }
    }
}
