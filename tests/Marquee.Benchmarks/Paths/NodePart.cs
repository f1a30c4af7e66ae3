using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Paths;

/// <summary>Parts that need a node share one.</summary>
internal static class NodePart
{
    private static BenchmarkNode? _node;

    /// <summary>The node's data directory, kept for the next run; null for a temporary one.</summary>
    public static string? Data { get; set; }

    /// <summary>A part that gets the node.</summary>
    public static Func<Report, Task> Of(Func<BenchmarkNode, Report, Task> run) => async report =>
    {
        if (_node is null)
        {
            Report.Progress("starting a node with the sample and waiting for its model: some minutes the first time");
            _node = await BenchmarkNode.Start(Data);
        }

        await run(_node, report);
    };

    /// <summary>The data directory of the node, which is stopped: nobody has it in use. Exists until the end of the process at least.</summary>
    public static async Task<string> Store()
    {
        await Of((_, _) => Task.CompletedTask)(new Report());
        await _node!.StopAsync();
        return _node.Directory;
    }

    public static ValueTask Stop() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;
}
