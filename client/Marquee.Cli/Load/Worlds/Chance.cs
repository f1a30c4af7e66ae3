namespace Marquee.Cli.Load.Worlds;

/// <summary>What a number of <see cref="Chance"/> is drawn for: streams do not share numbers.</summary>
internal enum ChanceStream
{
    /// <summary>A title's genres and year.</summary>
    Title = 1,

    /// <summary>Which title is how popular.</summary>
    Popularity = 2,

    /// <summary>A user's favourite genres.</summary>
    Taste = 3,

    /// <summary>An event before the load begins.</summary>
    Past = 4,

    /// <summary>A call of the load.</summary>
    Traffic = 5,
}

/// <summary>Random numbers that are a function of a seed and a place alone, so that nothing has to be kept and order does not matter.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014), begun at a hash of the place.</remarks>
internal struct Chance
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>The numbers of one place.</summary>
    public static Chance Of(int seed, ChanceStream stream, long number) =>
        new() { _state = Mix(Mix(Mix((uint)seed + Golden) + (ulong)stream) + (ulong)number) };

    /// <summary>A number from 0 to below 1.</summary>
    public double NextShare() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below the bound; its bias is at most bound / 2⁶⁴.</summary>
    public int NextBelow(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    private ulong Next() => Mix(_state += Golden);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
