using System.Globalization;
using System.Text;

namespace Marquee.Client.Http;

/// <summary>Builds the relative addresses of calls.</summary>
internal static class Address
{
    /// <summary>An id as one segment of a path.</summary>
    /// <exception cref="ArgumentException">The id is empty, or it is one that a path cannot hold: "." and ".." name other resources.</exception>
    public static string Segment(string id, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(id, name);
        return id is "." or ".."
            ? throw new ArgumentException($"'{id}' cannot stand in an address: every HTTP stack resolves it as a relative path.", name)
            : Uri.EscapeDataString(id);
    }

    /// <summary>A path with the parameters that have a value.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            var text = value is bool flag ? (flag ? "true" : null) : Convert.ToString(value, CultureInfo.InvariantCulture);
            if (!string.IsNullOrEmpty(text))
            {
                address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(text));
                separator = '&';
            }
        }

        return address.ToString();
    }
}
