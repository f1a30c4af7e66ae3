using System.Globalization;

namespace Marquee.Cli.Load.Reports;

/// <summary>Finds what makes a load's figures worth less than they look.</summary>
internal static class Doubts
{
    private const double SendDelayMillisecondsMax = 10;
    private const double IdleShareMax = 0.1;

    /// <summary>The reasons, for people.</summary>
    /// <param name="report">The load.</param>
    /// <param name="silos">How many silos the cluster has.</param>
    public static IReadOnlyList<string> Of(LoadReport report, int silos)
    {
        var doubts = new List<string>();
        if (report.Load is { } load)
        {
            Add(load.NotSent > 0, $"{load.NotSent:N0} calls were NOT SENT, because {report.InFlightMax:N0} were under way already (--in-flight). The load was smaller than offered; percentiles count these calls as longer than any.");
            Add(load.SendDelayP99Milliseconds > SendDelayMillisecondsMax, $"The generator itself was late: 1 % of calls were sent {load.SendDelayP99Milliseconds:N1} ms or more after they were due. Latencies hold that too; it lacks processor time.");
            var lost = load.Events.Unacknowledged;
            Add(lost > 0, $"{lost:N0} events were in calls that were not answered with success; some of them may have been written.");
            Add(report.Use is { } use && use.EventsAccepted != load.Events.Accepted && lost == 0, $"The nodes counted {report.Use?.EventsAccepted:N0} new events and acknowledged {load.Events.Accepted:N0} here: somebody else sends events too, or not all nodes were asked.");
            Add(load.Degraded > 0, $"{load.Degraded:N0} answers were degraded: plainer than asked for, and cheaper. Latencies and costs are partly theirs.");
            Add(report.Use is null && report.Failure is null, $"A node does not answer or was started anew meanwhile, so that it is not known what the load cost.");
            Add(report.Use is not null && !report.IsSettled, $"Ten seconds after the load the nodes were not done with it; what it cost is more than is shown.");
        }

        var idle = report.Idle is { Seconds: > 0 } rest ? rest.CpuSeconds / rest.Seconds : 0;
        Add(idle > IdleShareMax, $"At rest the nodes use {idle:P0} of a processor: they do something else, for example train a model (--Marquee:Training=false). It is subtracted as if it were even.");
        Add(silos > report.MeasuredNodes.Count, $"The cluster has {silos:N0} silos and what {report.MeasuredNodes.Count:N0} of them use was counted (--node, or else --url); what the others use is not seen.");
        return doubts;

        void Add(bool holds, FormattableString text)
        {
            if (holds)
            {
                doubts.Add(text.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}
