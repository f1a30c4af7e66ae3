using System.Globalization;
using Marquee.Cli.Import;

namespace Marquee.Cli.DataSets;

/// <summary>Tells a person which lines of a data set were left out.</summary>
internal static class FaultSummary
{
    /// <summary>Writes how many they are and the first of them to standard error; nothing when there are none, or when a document has them.</summary>
    public static void Write(CommandContext context, bool json, LineFaults faults)
    {
        if (json || faults.SkippedLines == 0)
        {
            return;
        }

        context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"marquee: {faults.SkippedLines:N0} lines could not be read and were left out:"));
        foreach (var fault in faults.Kept())
        {
            context.Error.WriteLine($"  {fault}");
        }

        if (faults.SkippedLines > LineFaults.KeptMax)
        {
            context.Error.WriteLine($"  … the first {LineFaults.KeptMax}.");
        }
    }

    /// <summary>What the command amounts to for a script.</summary>
    public static int ToExitCode(LineFaults faults) => faults.SkippedLines > 0 ? ExitCode.Findings : ExitCode.Success;
}
