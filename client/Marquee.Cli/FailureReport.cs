using System.Net;
using Marquee.Client;

namespace Marquee.Cli;

/// <summary>How a command that could not do its work says so: two lines on standard error, or one JSON document.</summary>
/// <param name="Kind"><c>usage</c>, <c>refused</c>, <c>unavailable</c> or <c>interrupted</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="NextStep">What to do about it; null when the message says it.</param>
internal sealed record FailureReport(string Kind, string Message, string? NextStep)
{
    /// <summary>Runs a command's work; turns the failures that can happen into a message and an exit code.</summary>
    public static async Task<int> GuardAsync(CommandContext context, bool json, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (Explain(exception) is { } failure)
        {
            return Write(context, json, failure);
        }
    }

    /// <summary>The report of a failure that can happen; null for one that must not.</summary>
    public static FailureReport? Explain(Exception exception) => exception switch
    {
        CommandFailure failure => new("usage", failure.Message, failure.NextStep),
        MarqueeUnavailableException failure => Explain(failure),
        MarqueeProblemException failure => new("refused", $"The node refused the call: {failure.Message}", null),
        OperationCanceledException => new("interrupted", "Interrupted.", null),
        IOException or UnauthorizedAccessException or InvalidDataException => new("usage", exception.Message, null),
        _ => null,
    };

    /// <summary>The exit code of a failure of this kind.</summary>
    public int ToExitCode() => Kind switch
    {
        "usage" => ExitCode.Usage,
        "unavailable" => ExitCode.Unavailable,
        "interrupted" => ExitCode.Interrupted,
        _ => ExitCode.Findings,
    };

    /// <summary>Says what is wrong, and returns the exit code.</summary>
    public static int Write(CommandContext context, bool json, FailureReport failure)
    {
        if (json)
        {
            JsonOutput.Write(context, new FailureDocument(failure), CliJson.Default.FailureDocument);
        }
        else
        {
            context.Error.WriteLine($"marquee: {failure.Message}");
            if (failure.NextStep is not null)
            {
                context.Error.WriteLine($"         {failure.NextStep}");
            }
        }

        return failure.ToExitCode();
    }

    private static FailureReport Explain(MarqueeUnavailableException failure) => failure.InnerException switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } inner => new(
            "unavailable",
            $"No node answers at {failure.Address} ({inner.Message}).",
            $"Start one with 'dotnet run --project silo -- --urls {failure.Address.GetLeftPart(UriPartial.Authority)}', or name another with --url."),
        MarqueeProblemException { Status: HttpStatusCode.TooManyRequests } => new(
            "unavailable",
            failure.Message,
            "The node is overloaded: try again later, or with a smaller --concurrency."),
        MarqueeProblemException => new("unavailable", failure.Message, "The node is up and does not serve: its log tells why."),
        _ => new("unavailable", failure.Message, "See whether the node is alive with 'marquee status'."),
    };
}

/// <summary>The JSON document of a failure.</summary>
/// <param name="Error">The failure.</param>
internal sealed record FailureDocument(FailureReport Error);
