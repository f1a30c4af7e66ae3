namespace Marquee.Training.Sequences;

/// <summary>Leaves numbers out at random, and makes the others larger by what that takes away (Srivastava et al. 2014).</summary>
/// <param name="Share">Share of the numbers that is left out, below 1.</param>
/// <param name="Seed">The same seed leaves out the same.</param>
internal readonly record struct Dropout(float Share, ulong Seed)
{
    /// <summary>Whether anything is left out.</summary>
    public bool IsActive => Share > 0;

    /// <summary>Fills a mask with 0 or 1 / (1 − share).</summary>
    public void Fill(Span<float> mask)
    {
        if (!IsActive)
        {
            mask.Fill(1);
            return;
        }

        // xorshift64* (Vigna 2016); its upper half is even enough.
        var state = (Seed * 0x9E3779B97F4A7C15) + (ulong)mask.Length + 1;
        var (least, kept) = ((uint)(Share * uint.MaxValue), 1 / (1 - Share));
        foreach (ref var value in mask)
        {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            value = (uint)((state * 0x2545F4914F6CDD1D) >> 32) >= least ? kept : 0;
        }
    }
}
