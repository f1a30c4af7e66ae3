namespace Marquee.Cli.Terminal;

/// <summary>Work that shows its progress, can be interrupted in good order, and whose failure belongs into its report.</summary>
internal static class InterruptibleWork
{
    /// <summary>Runs it.</summary>
    /// <param name="context">Terminal, clock, and how long the work may take to come to an end once it is interrupted.</param>
    /// <param name="quiet">Show no progress.</param>
    /// <param name="work">Gets a token that tells it to stop at once; returns false when it was interrupted.</param>
    /// <param name="progress">The lines of the display.</param>
    /// <param name="interrupted">Tells that the person wants it to end.</param>
    /// <returns>How long it took, and what ended it early, if anything did.</returns>
    public static async Task<(TimeSpan Elapsed, FailureReport? Failure)> RunAsync(
        CommandContext context,
        bool quiet,
        Func<CancellationToken, Task<bool>> work,
        Func<IReadOnlyList<ProgressState>> progress,
        CancellationToken interrupted)
    {
        var start = context.TimeProvider.GetTimestamp();
        FailureReport? failure = null;
        using var abandoned = new CancellationTokenSource();
        using var grace = interrupted.Register(() => abandoned.CancelAfter(context.InterruptGrace));
        try
        {
            await ProgressDisplay.RunAsync(context, quiet, RunToTheEndAsync, progress);
        }
        catch (Exception exception) when (FailureReport.Explain(exception) is { } explained)
        {
            failure = explained;
        }

        return (context.TimeProvider.GetElapsedTime(start), failure);

        async Task RunToTheEndAsync()
        {
            if (!await work(abandoned.Token))
            {
                throw new OperationCanceledException(interrupted);
            }
        }
    }
}
