namespace Marquee.Grains;

/// <summary>Grain keys scoped by tenant: <c>{tenant}/{id}</c>. Neither part holds a slash.</summary>
internal static class GrainKeys
{
    public static string Of(string tenant, string id) => string.Concat(tenant, "/", id);

    public static (string Tenant, string Id) Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? (key[..slash], key[(slash + 1)..])
            : throw new ArgumentException($"The grain key '{key}' is not of the form tenant/id.", nameof(key));
    }
}
