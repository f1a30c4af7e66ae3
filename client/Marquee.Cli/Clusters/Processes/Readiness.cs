using System.Globalization;
using System.Net;

namespace Marquee.Cli.Clusters.Processes;

/// <summary>Asks processes whether they are ready.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Whether the node, or a node behind the front door, says that it is ready.</summary>
    public static async Task<bool> IsReadyAsync(Uri url, CancellationToken cancelled)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(url, "health/ready"), cancelled);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Waits until it is.</summary>
    /// <param name="name">Names it in failures.</param>
    /// <param name="url">Where it listens.</param>
    /// <param name="process">Its process.</param>
    /// <param name="log">What it prints.</param>
    /// <param name="longest">How long to wait.</param>
    /// <param name="cancelled">Ends the wait.</param>
    /// <exception cref="CommandFailure">It ended, or was not ready in time; holds the end of its log.</exception>
    public static async Task UntilReadyAsync(string name, Uri url, ProcessIdentity process, string log, TimeSpan longest, CancellationToken cancelled)
    {
        var deadline = DateTime.UtcNow + longest;
        while (!await IsReadyAsync(url, cancelled))
        {
            if (!process.IsAlive)
            {
                throw new CommandFailure($"{name} ended before it was ready. {BackgroundProcess.TailOf(log)}");
            }

            if (DateTime.UtcNow > deadline)
            {
                throw new CommandFailure(string.Create(CultureInfo.InvariantCulture, $"{name} was not ready within {longest.TotalSeconds:0} s. {BackgroundProcess.TailOf(log)}"));
            }

            await Task.Delay(Interval, cancelled);
        }
    }
}
