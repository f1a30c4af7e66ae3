using System.Diagnostics;
using Marquee.Grains.Operations;

namespace Marquee.Silo;

/// <summary>Ends the process at once when its silo cannot go on, above all when the others have declared it dead.</summary>
/// <remarks>
/// Orleans ends it too, but has the runtime write the stacks first. That takes two seconds, in which the node takes requests that
/// nobody will answer. Nothing is lost by a process that ends like this: it is built to be killed.
/// </remarks>
/// <param name="notice">Who declared it dead.</param>
public sealed class SuddenEnd(EvictionNotice notice) : IFatalErrorHandler
{
    /// <summary>The store refuses what the silo writes meanwhile, and its node's reads are what they were a moment before.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

    /// <inheritdoc/>
    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        // Not through a logger: what that writes later would never be written.
        Console.Error.WriteLine($"The node ends, and is to be started again: {context}{Environment.NewLine}{notice.Find(LongestReading)}{Environment.NewLine}{exception}");
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
