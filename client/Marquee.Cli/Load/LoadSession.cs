using System.Globalization;
using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Reports;
using Marquee.Cli.Load.Traffic;
using Marquee.Cli.Load.Worlds;

namespace Marquee.Cli.Load;

/// <summary>The loads of one command: the same world, nodes and clock, one load after the other.</summary>
/// <param name="settings">What the loads are to be.</param>
/// <param name="world">Who asks for what.</param>
/// <param name="http">The network.</param>
/// <param name="meter">Reads what the nodes use.</param>
/// <param name="display">Shows the load under way.</param>
/// <param name="time">The clock.</param>
internal sealed class LoadSession(LoadSettings settings, SimulatedWorld world, HttpClient http, NodeMeter meter, LoadDisplay display, TimeProvider time)
{
    private const double RestShareMax = 0.05;

    private static readonly TimeSpan RestMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestWaitMax = TimeSpan.FromMinutes(3);

    private readonly string _run = Convert.ToString(time.GetUtcNow().ToUnixTimeMilliseconds(), 16);
    private int _loads;

    /// <summary>The measured load, with the profile before it when that is asked for.</summary>
    public async Task<LoadReport> MeasureAsync(CancellationToken interrupted, CancellationToken abandoned)
    {
        var report = new LoadReport { Nodes = settings.Nodes, MeasuredNodes = settings.MeasuredNodes, World = WorldFigures.Of(settings, world), OfferedPerSecond = Math.Round(settings.Plan.PerSecond, 3), InFlightMax = settings.InFlightMax };
        if (settings.Profile > TimeSpan.Zero)
        {
            report = await ProfileAsync(report, interrupted, abandoned);
        }

        if (!interrupted.IsCancellationRequested)
        {
            await WarmUpAsync(settings.Plan, interrupted, abandoned);
        }

        var first = await ReadAsync(interrupted);
        if (interrupted.IsCancellationRequested)
        {
            return report;
        }

        using var own = System.Diagnostics.Process.GetCurrentProcess();
        var ownBefore = own.TotalProcessorTime;
        var figures = await OfferAsync("load", settings.Plan, settings.Extent, interrupted, abandoned);
        own.Refresh();
        var ownSeconds = (own.TotalProcessorTime - ownBefore).TotalSeconds;
        var last = await ReadAsync(interrupted);
        return report with
        {
            Load = figures,
            GeneratorCpuSeconds = Math.Round(ownSeconds, 2),
            Use = first is not null && last is not null ? meter.Between(first, last) : null,
            IsSettled = last?.IsSettled ?? false,
        };
    }

    /// <summary>Looks for the largest rate of one kind that holds.</summary>
    public async Task<MaximumReport> FindMaximumAsync(TrafficKind kind, CancellationToken interrupted, CancellationToken abandoned)
    {
        await WarmUpAsync(new TrafficPlan(kind, settings.Plan.PerSecond), interrupted, abandoned);
        var search = new MaximalRate(OfferStepAsync, settings.P99Max);
        await search.FindAsync(settings.Plan.PerSecond, TrafficPlan.RateMax);
        return new MaximumReport
        {
            Nodes = settings.Nodes,
            World = WorldFigures.Of(settings, world),
            Kind = TrafficKinds.NameOf(kind),
            P99MaxMilliseconds = settings.P99Max.TotalMilliseconds,
            PerSecond = search.Best,
            Steps = search.Steps,
        };

        async Task<KindFigures?> OfferStepAsync(double rate, TimeSpan length)
        {
            var label = string.Create(CultureInfo.InvariantCulture, $"{rate:N0}/s");
            var figures = await OfferAsync(label, new TrafficPlan(kind, rate), new LoadExtent(length), interrupted, abandoned);

            // What a step that was too much left behind is not to be held against the next.
            await ReadAsync(interrupted);
            return interrupted.IsCancellationRequested ? null : figures.Kinds[0];
        }
    }

    private async Task<LoadReport> ProfileAsync(LoadReport report, CancellationToken interrupted, CancellationToken abandoned)
    {
        await RestAsync(interrupted);
        display.Say(string.Create(CultureInfo.InvariantCulture, $"The nodes at rest, for {settings.Profile.TotalSeconds:0.#} s …"));
        var idle = await UseAsync(() => PauseAsync(settings.Profile < RestMin ? RestMin : settings.Profile, interrupted), interrupted);
        var costs = new List<KindCost>();

        // Events last: what they leave to be done for minutes (neighbours of titles) is then not taken for the cost of reads.
        foreach (var kind in settings.Plan.Kinds.Reverse())
        {
            if (idle is null || interrupted.IsCancellationRequested)
            {
                break;
            }

            var plan = new TrafficPlan(kind, settings.Plan.RateOf(kind));
            await WarmUpAsync(plan, interrupted, abandoned);
            LoadFigures? figures = null;
            var use = await UseAsync(
                async () => figures = await OfferAsync($"{TrafficKinds.NameOf(kind)} alone", plan, new LoadExtent(settings.Profile), interrupted, abandoned),
                interrupted);
            if (use is not null && figures is not null && KindCost.Of(figures.Kinds[0], use, idle) is { } cost)
            {
                costs.Insert(0, cost);
            }
        }

        return report with { Idle = idle, Profile = costs };
    }

    /// <summary>Waits, three minutes at most, until the nodes do next to nothing: what was published, or too much before, is worked on for a while yet.</summary>
    private async Task RestAsync(CancellationToken interrupted)
    {
        display.Say("Waiting until the nodes are at rest …");
        var start = time.GetTimestamp();
        NodeUse? use;
        do
        {
            use = await UseAsync(() => PauseAsync(RestMin, interrupted), interrupted);
        }
        while (use is { } last && last.CpuSeconds > RestShareMax * last.Nodes * last.Seconds && time.GetElapsedTime(start) < RestWaitMax);
    }

    /// <summary>What the nodes use while something goes on, and until they have worked it off; null when that is not known.</summary>
    private async Task<NodeUse?> UseAsync(Func<Task> work, CancellationToken interrupted)
    {
        if (await ReadAsync(interrupted) is not { } first)
        {
            return null;
        }

        await work();
        return await ReadAsync(interrupted) is { } last ? meter.Between(first, last) : null;
    }

    private async Task PauseAsync(TimeSpan length, CancellationToken interrupted) =>
        await Task.Delay(length, time, interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>A load that does not count: the first calls compile code and wake users, and neither is the cost of a call.</summary>
    private Task WarmUpAsync(TrafficPlan plan, CancellationToken interrupted, CancellationToken abandoned) => settings.WarmUp > TimeSpan.Zero
        ? OfferAsync("warm-up", plan, new LoadExtent(settings.WarmUp), interrupted, abandoned)
        : Task.CompletedTask;

    private async Task<LoadFigures> OfferAsync(string label, TrafficPlan plan, LoadExtent extent, CancellationToken interrupted, CancellationToken abandoned)
    {
        // Each load has event ids of its own, else the second would send the duplicates of the first.
        var bodies = new EventBodies(world, string.Create(CultureInfo.InvariantCulture, $"{_run}-{_loads++}"), settings.Batch, settings.HotShare);
        var calls = new HttpCalls(http, settings.Nodes, world, bodies, settings.Timeout);
        var tally = new LoadTally();
        var load = new LoadRun(calls, tally, settings.InFlightMax, time, TaskScheduler.Default);
        await display.ShowAsync(label, () => load.RunAsync(new ArrivalSchedule(plan), extent, interrupted, abandoned), tally, plan, extent.Length);
        return tally.Figures(plan.Kinds);
    }

    /// <summary>A reading after everything has gone all its way; null when a node does not answer, or for who interrupts and does not wait for that.</summary>
    private async Task<NodeReading?> ReadAsync(CancellationToken interrupted)
    {
        try
        {
            return await meter.ReadSettledAsync(interrupted);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
