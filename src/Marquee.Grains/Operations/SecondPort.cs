using System.Net;

namespace Marquee.Grains.Operations;

/// <summary>
/// Another port on which the process listens beside that for silos, told to the others: where that one is refused and this one
/// is not, the process lives.
/// </summary>
/// <param name="Number">The port; null when it is not known beforehand.</param>
public sealed record SecondPort(int? Number)
{
    /// <summary>The port of the first of several addresses, joined by semicolons, where the process takes requests.</summary>
    /// <param name="urls">The addresses.</param>
    public static SecondPort Of(string? urls) =>
        new(urls?.Split(';')[0].Split(':') is [.., var last] && int.TryParse(last.TrimEnd('/'), out var port) && port is > 0 and <= IPEndPoint.MaxPort ? port : null);
}
