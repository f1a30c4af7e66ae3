using System.Globalization;
using Marquee.Contracts.Events;
using Marquee.Contracts.Users;
using Marquee.Gateway.Events;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Recommendations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Marquee.Gateway.Queries;

/// <summary>Reads and checks a request's path and query; collects everything that is wrong with them in one problem.</summary>
/// <remarks>An empty parameter counts as absent. Unknown and repeated parameters are errors that name them.</remarks>
internal sealed class RequestQuery
{
    private readonly HttpContext _context;
    private readonly QueryParameter[] _known = [];
    private readonly string?[] _values = [];
    private List<FieldError>? _errors;

    /// <summary>Checks that the query has only parameters that the endpoint knows, each once.</summary>
    public RequestQuery(HttpContext context)
    {
        _context = context;
        if (!context.Request.QueryString.HasValue)
        {
            return;
        }

        _known = (context.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>() ?? QueryParameters.None).All;
        _values = new string?[_known.Length];
        HashSet<string>? refused = null;
        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            var name = pair.DecodeName();
            var place = PlaceOf(name.Span);
            if (place >= 0 && _values[place] is null)
            {
                _values[place] = pair.DecodeValue().ToString();
                continue;
            }

            var text = name.ToString();
            if (!(refused ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(text))
            {
                continue;
            }

            if (place >= 0)
            {
                // Which one is meant nobody knows: it counts as absent, so that nothing else is said of it.
                _values[place] = "";
                Add(text, "appears more than once");
            }
            else
            {
                var names = _known.Length == 0 ? "there is none here" : "known are " + string.Join(", ", _known.Select(parameter => parameter.Name));
                Add(text.Length <= 64 ? text : text[..64] + "…", "is not a query parameter of this call; " + names);
            }
        }
    }

    /// <summary>Everything that was wrong so far, or null.</summary>
    public Problem? Problem => _errors is null ? null : Problem.Invalid(_errors);

    /// <summary>The id in the path's segment <c>{id}</c>; empty when it is not valid.</summary>
    /// <param name="field">What it identifies: <c>userId</c> or <c>titleId</c>.</param>
    public string Id(string field)
    {
        var id = _context.Request.RouteValues["id"] as string;
        return Identifier.IsValid(id) ? id : Refuse(field, Identifier.Rule, "");
    }

    public int Read(IntegerParameter parameter)
    {
        if (Raw(parameter) is not { } text)
        {
            return parameter.Default;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= parameter.Min && number <= parameter.Max
            ? number
            : Refuse(parameter.Name, $"must be a whole number from {parameter.Min} to {parameter.Max}", parameter.Default);
    }

    public bool Read(FlagParameter parameter) => Raw(parameter) switch
    {
        null => parameter.Default,
        "false" => false,
        "true" => true,
        _ => Refuse(parameter.Name, "must be true or false", false),
    };

    public string? Read(TextParameter parameter)
    {
        var text = Raw(parameter);
        return text is null || (text.Length <= parameter.LengthMax && !text.Contains('\0', StringComparison.Ordinal))
            ? text
            : Refuse<string?>(parameter.Name, $"must have at most {parameter.LengthMax} characters", null);
    }

    public string? Read(CountryParameter parameter) =>
        Raw(parameter) is not { } text ? null : CountryCode.Parse(text) ?? Refuse<string?>(parameter.Name, CountryCode.Rule, null);

    /// <summary>The position for one partition; null when absent or for other partitions only.</summary>
    public LogPosition? Read(PositionParameter parameter, int partition)
    {
        LogPosition? position = null;
        return Raw(parameter) is not { } text || PositionToken.TryRead(text, partition, out position)
            ? position
            : Refuse<LogPosition?>(parameter.Name, PositionToken.Rule, null);
    }

    public string? Read(HistoryCursorParameter parameter) =>
        Raw(parameter) is not { } text ? null : HistoryCursor.TryParse(text, out _) ? text : Refuse<string?>(parameter.Name, HistoryCursor.Rule, null);

    public string Read(SurfaceParameter parameter) => Raw(parameter) switch
    {
        null => Surface.TopPicks,
        { } text when Surface.IsValid(text) => text,
        _ => Refuse(parameter.Name, Surface.Rule, Surface.TopPicks),
    };

    private string? Raw(QueryParameter parameter) =>
        PlaceOf(parameter.Name) is >= 0 and var place && _values[place] is { Length: > 0 } text ? text : null;

    private int PlaceOf(ReadOnlySpan<char> name)
    {
        for (var place = 0; place < _known.Length; place++)
        {
            if (name.SequenceEqual(_known[place].Name))
            {
                return place;
            }
        }

        return -1;
    }

    private T Refuse<T>(string field, string message, T instead)
    {
        Add(field, message);
        return instead;
    }

    private void Add(string field, string message) => (_errors ??= []).Add(new FieldError(null, field, message));
}
