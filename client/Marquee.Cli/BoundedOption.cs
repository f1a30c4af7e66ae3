using System.CommandLine;
using System.Globalization;

namespace Marquee.Cli;

/// <summary>Options that take a number between two bounds, and say both in their help and when they are broken.</summary>
internal static class BoundedOption
{
    /// <summary>A whole number.</summary>
    public static Option<int> Whole(string name, string description, int standard, int least, int largest) => new(name)
    {
        Description = $"{description} {least} to {largest}.",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > largest)
            {
                result.AddError($"{name} takes a number from {least} to {largest}, not '{result.Tokens[0].Value}'.");
            }

            return number;
        },
    };

    /// <summary>A number that need not be whole.</summary>
    public static Option<double> Number(string name, string description, double standard, double least, double largest)
    {
        var bounds = string.Create(CultureInfo.InvariantCulture, $"{least} to {largest}");
        return new(name)
        {
            Description = $"{description} {bounds}.",
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                if (!double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number < least || number > largest)
                {
                    result.AddError($"{name} takes a number from {bounds}, not '{result.Tokens[0].Value}'.");
                }

                return number;
            },
        };
    }
}
