using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Marquee.Gateway;

/// <summary>The rule for ids: <c>[A-Za-z0-9._~-]{1,128}</c>, what a URL path segment carries unescaped, without <c>.</c> and <c>..</c>.</summary>
/// <remarks>Servers and clients resolve <c>.</c> and <c>..</c> in paths, so such an id could be written but never asked for.</remarks>
internal static class Identifier
{
    /// <summary>Completes "the id …".</summary>
    public const string Rule = "must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ - and neither '.' nor '..'";

    /// <summary>The rule as a regular expression, for the API's description.</summary>
    public const string Pattern = "^[A-Za-z0-9._~-]{1,128}$";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);
    private static readonly SearchValues<byte> Bytes = SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(Alphabet));

    public static bool IsValid([NotNullWhen(true)] string? id) =>
        id is { Length: >= 1 and <= GatewayLimits.IdLength } && !id.AsSpan().ContainsAnyExcept(Characters) && id is not ("." or "..");

    public static bool IsValid(ReadOnlySpan<byte> id) =>
        id.Length is >= 1 and <= GatewayLimits.IdLength && !id.ContainsAnyExcept(Bytes) && !id.SequenceEqual("."u8) && !id.SequenceEqual(".."u8);
}
