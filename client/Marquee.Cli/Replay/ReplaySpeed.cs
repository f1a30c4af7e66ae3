using System.Globalization;

namespace Marquee.Cli.Replay;

/// <summary>How fast stream time passes.</summary>
/// <param name="Factor">Seconds of stream time per second; infinite means as fast as the node takes it.</param>
internal readonly record struct ReplaySpeed(double Factor)
{
    public static ReplaySpeed Max { get; } = new(double.PositiveInfinity);

    /// <summary>Reads <c>60x</c>, <c>60</c>, <c>0.5x</c> or <c>max</c>.</summary>
    /// <returns>False when it is none of them, or not above 0.</returns>
    public static bool TryParse(string text, out ReplaySpeed speed)
    {
        if (text.Equals("max", StringComparison.OrdinalIgnoreCase))
        {
            speed = Max;
            return true;
        }

        var number = text.EndsWith('x') || text.EndsWith('X') ? text[..^1] : text;
        var valid = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor > 0 && double.IsFinite(factor);
        speed = new(factor);
        return valid;
    }

    public override string ToString() => double.IsFinite(Factor) ? string.Create(CultureInfo.InvariantCulture, $"{Factor:0.###}x") : "max";
}
