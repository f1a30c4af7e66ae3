using System.Runtime.InteropServices;

namespace Marquee.Cli.Clusters.Processes;

/// <summary>The signals that a cluster's processes are sent; Linux numbers.</summary>
internal enum Signal
{
    /// <summary>kill -9.</summary>
    Kill = 9,

    /// <summary>End in order.</summary>
    Terminate = 15,

    /// <summary>Go on.</summary>
    Continue = 18,

    /// <summary>Stand still.</summary>
    Stop = 19,
}

/// <summary>Sends signals without a process of its own for each.</summary>
internal static class NativeSignals
{
    /// <returns>False when there is no such process, or it belongs to somebody else.</returns>
    public static bool Send(int processId, Signal signal) => Kill(processId, (int)signal) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
