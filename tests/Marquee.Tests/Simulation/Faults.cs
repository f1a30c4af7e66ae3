using System.IO.Hashing;
using System.Text;

namespace Marquee.Tests.Simulation;

/// <summary>Decides, by the seed alone, when something goes wrong, and counts it.</summary>
/// <param name="seed">The world's seed.</param>
/// <param name="trace">Told each fault.</param>
internal sealed class Faults(long seed, Trace trace)
{
    /// <summary>What is no more than late: in a rough world most calls are, so that it is told apart from what went wrong.</summary>
    public const string CallLate = "call late";

    /// <inheritdoc cref="CallLate"/>
    public const string StoreLate = "store late";

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>False when the world is left to heal.</summary>
    public bool AreOn { get; set; } = true;

    /// <summary>How many of each kind were injected.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>How often something went wrong; what was only late is not among it.</summary>
    public long Total => _counts.Where(static count => !IsLateness(count.Key)).Sum(static count => count.Value);

    public static bool IsLateness(string kind) => kind is CallLate or StoreLate;

    /// <summary>A stream of chance of its own for a part of the world, so that parts do not disturb each other.</summary>
    public Random ChanceOf(string part) => new((int)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(part), seed));

    /// <summary>Whether a fault is to happen now; if so, it counts.</summary>
    public bool Happens(Random chance, double probability, string kind)
    {
        // The draw is made in any case: switching faults off changes nothing else.
        if (chance.NextDouble() >= probability || !AreOn)
        {
            return false;
        }

        Count(kind);
        return true;
    }

    public void Count(string kind)
    {
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        trace.Note($"fault: {kind}");
    }
}
