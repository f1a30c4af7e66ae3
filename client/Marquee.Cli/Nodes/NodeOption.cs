using System.CommandLine;
using System.CommandLine.Parsing;
using Marquee.Client;

namespace Marquee.Cli.Nodes;

/// <summary>Which node a command talks to.</summary>
internal static class NodeOption
{
    private const string Variable = "MARQUEE_URL";
    private const string Default = "http://127.0.0.1:8080";

    /// <summary>The option itself; each command gets its own.</summary>
    public static Option<Uri> Create() => new("--url")
    {
        Description = $"Address of a node; {Variable} in the environment sets the default.",
        HelpName = "url",
        DefaultValueFactory = _ => Usual(),
        CustomParser = result => Parse(result, result.Tokens[0].Value),
    };

    /// <summary>The option of a command that talks to all nodes of a cluster.</summary>
    public static Option<Uri[]> CreateSeveral() => new("--url")
    {
        Description = $"Address of a node; several times for the nodes of a cluster. {Variable} in the environment sets the default.",
        HelpName = "url",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [Usual()],
        CustomParser = ParseSeveral,
    };

    /// <summary>The option of a command that measures other nodes than it talks to: those behind a front door.</summary>
    public static Option<Uri[]> CreateMeasured() => new("--node")
    {
        Description = "A node whose use counts, several times for several; those of --url if left out. Needed when --url is a front door.",
        HelpName = "url",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseSeveral,
    };

    /// <summary>A client of that node.</summary>
    /// <param name="context">The network and the clock.</param>
    /// <param name="address">The node.</param>
    /// <param name="patience">The retry budget of each call.</param>
    /// <param name="onRetry">Told of each attempt that failed.</param>
    /// <param name="attemptTimeout">How long one attempt may take; the client's default when null.</param>
    public static MarqueeClient Connect(
        CommandContext context, Uri address, TimeSpan patience, Action<FailedAttempt>? onRetry = null, TimeSpan? attemptTimeout = null)
    {
        var options = new MarqueeClientOptions { RetryBudget = patience, TimeProvider = context.TimeProvider, OnRetry = onRetry };
        options = attemptTimeout is { } longest ? options with { AttemptTimeout = longest } : options;
        var http = new HttpClient(context.CreateHandler()) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        return new MarqueeClient(http, options);
    }

    /// <summary>Fails at once when no node answers at the address, so that a typing error does not wait out a long patience.</summary>
    public static Task ProbeAsync(CommandContext context, Uri address, CancellationToken cancellationToken) =>
        Connect(context, address, context.QueryPatience).GetStatusAsync(cancellationToken);

    private static Uri Usual() => new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address && IsHttp(address) ? address : Default);

    private static Uri[] ParseSeveral(ArgumentResult result) => [.. result.Tokens.Select(token => Parse(result, token.Value)).OfType<Uri>()];

    private static Uri? Parse(ArgumentResult result, string address)
    {
        if (IsHttp(address))
        {
            return new Uri(address);
        }

        result.AddError($"'{address}' is not the address of a node; give one like {Default}.");
        return null;
    }

    private static bool IsHttp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
