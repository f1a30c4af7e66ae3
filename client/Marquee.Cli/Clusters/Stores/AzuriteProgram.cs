namespace Marquee.Cli.Clusters.Stores;

/// <summary>How Node.js is told to run Azurite with its data in memory.</summary>
internal static class AzuriteProgram
{
    /// <summary>
    /// Starts the program named by the first argument without its garbage collection, which comes every ten minutes
    /// and looks through all extents once for each that it deletes. In memory every append and every overwritten blob
    /// is an extent of its own, so that after some tens of thousands it works for minutes and answers nobody.
    /// A version of Azurite that has its constants elsewhere is started as it is.
    /// </summary>
    private const string WithoutCollection = """
        const program = require('fs').realpathSync(process.argv[1]);
        try { require(require('path').dirname(program) + '/blob/utils/constants').DEFAULT_GC_INTERVAL_MS = 2 ** 31 - 1; } catch { }
        require(program);
        """;

    /// <summary>The arguments of <c>node</c> before Azurite's own.</summary>
    /// <param name="program">Azurite's main file, or a link to it.</param>
    public static IReadOnlyList<string> InMemory(string program) => ["-e", WithoutCollection, "--", program, "--inMemoryPersistence"];
}
