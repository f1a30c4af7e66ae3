namespace Marquee.Gateway.Queries;

/// <summary>A query parameter that an endpoint knows: read by <see cref="RequestQuery"/>, described in the API's description.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for people.</param>
internal abstract record QueryParameter(string Name, string Description);

/// <summary>A whole number between two bounds, both included.</summary>
internal sealed record IntegerParameter(string Name, string Description, int Min, int Max, int Default) : QueryParameter(Name, Description);

/// <summary>True or false; false when absent.</summary>
internal sealed record FlagParameter(string Name, string Description, bool Default = false) : QueryParameter(Name, Description);

/// <summary>Free text up to a length.</summary>
internal sealed record TextParameter(string Name, string Description, int LengthMax, string? Example = null) : QueryParameter(Name, Description);

/// <summary>A country code.</summary>
internal sealed record CountryParameter(string Name, string Description) : QueryParameter(Name, Description);

/// <summary>A position token.</summary>
internal sealed record PositionParameter(string Name, string Description) : QueryParameter(Name, Description);

/// <summary>A cursor of a viewer's history.</summary>
internal sealed record HistoryCursorParameter(string Name, string Description) : QueryParameter(Name, Description);

/// <summary>A surface.</summary>
internal sealed record SurfaceParameter(string Name, string Description) : QueryParameter(Name, Description);

/// <summary>Endpoint metadata: the query parameters that an endpoint knows. Others are refused by name.</summary>
internal sealed record QueryParameters(params QueryParameter[] All)
{
    /// <summary>For endpoints that know none.</summary>
    public static QueryParameters None { get; } = new();
}
