using System.CommandLine;
using System.CommandLine.Parsing;
using Marquee.Cli.Load.Traffic;
using Marquee.Cli.Load.Worlds;
using Marquee.Cli.Nodes;
using Marquee.Client;

namespace Marquee.Cli.Load;

/// <summary>The options of <c>marquee load</c>.</summary>
internal sealed class LoadOptions
{
    private const string UsualRate = "100";

    /// <summary>What arrives when nothing else is said: mostly reads, as of people who look for something to watch.</summary>
    private const string UsualMix = "batch=2,event=20,recommend=40,home=20,similar=13,trending=5";

    private readonly Option<Uri[]> _urls = NodeOption.CreateSeveral();
    private readonly Option<Uri[]> _nodes = NodeOption.CreateMeasured();
    private readonly Option<string> _rate = new("--rate") { Description = "Calls per second: of all kinds (200), divided by --mix; or of each kind (recommend=100,batch=20).", HelpName = "rate", DefaultValueFactory = _ => UsualRate };
    private readonly Option<string> _mix = new("--mix") { Description = $"Shares of the kinds of call, in any unit: {string.Join(", ", TrafficKinds.Names)}.", HelpName = "kind=share,…", DefaultValueFactory = _ => UsualMix };
    private readonly Option<double> _minutes = BoundedOption.Number("--minutes", "How long the load is measured,", 0.5, 0.01, 1440);
    private readonly Option<long?> _count = new("--count") { Description = "End after so many calls, if that comes before --minutes.", HelpName = "calls" };
    private readonly Option<double> _warmUp = BoundedOption.Number("--warm-up", "Seconds of the same load before, which do not count,", 3, 0, 600);
    private readonly Option<int> _batch = BoundedOption.Whole("--batch", "Events per call of the kind batch,", 100, 1, MarqueeClient.EventsPerCallMax);
    private readonly Option<double> _hot = BoundedOption.Number("--hot-title", "Share of all events that go to one title,", 0, 0, 1);
    private readonly Option<int> _users = BoundedOption.Whole("--users", "Simulated users,", 10_000, 1, 10_000_000);
    private readonly Option<int> _titles = BoundedOption.Whole("--titles", "Simulated titles,", 10_000, 1, 1_000_000);
    private readonly Option<int> _seed = BoundedOption.Whole("--seed", "Decides the world and who does what,", 1, 0, 999_999);
    private readonly Option<double> _past = BoundedOption.Number("--past", "Events per user before the load, as many as in the sample if left out,", SampleLaw.EventsPerUser, 0, 1000);
    private readonly Option<bool> _published = new("--published") { Description = "The node has titles and past of this world already, from an earlier run: publish nothing." };
    private readonly Option<bool> _nodeTitles = new("--node-titles") { Description = "Use the titles that the node has, for example the sample's, in its order of popularity, and publish none." };
    private readonly Option<int> _inFlight = BoundedOption.Whole("--in-flight", "Calls at once. What is due beyond is not sent, and counted as that.", 1000, 1, 100_000);
    private readonly Option<double> _timeout = BoundedOption.Number("--timeout", "Seconds after which a call counts as lost,", 10, 0.1, 600);
    private readonly Option<double> _profile = BoundedOption.Number("--profile", "First measure the nodes at rest, then each kind of call alone, for so many seconds each: what a call costs. 0: not at all.", 0, 0, 600);
    private readonly Option<string?> _max = new("--max") { Description = "Find the largest rate of this kind that holds, and nothing else. Begins with --rate.", HelpName = "kind" };
    private readonly Option<double> _p99 = BoundedOption.Number("--p99", "With --max: the longest 99th percentile in milliseconds,", 100, 1, 60_000);

    public void AddTo(Command command)
    {
        _max.AcceptOnlyFromAmong(TrafficKinds.Names);
        _count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < 1)
            {
                result.AddError("--count takes a whole number above 0.");
            }
        });
        foreach (var option in (Option[])[
            _urls, _nodes, _rate, _mix, _minutes, _count, _warmUp, _batch, _hot, _users, _titles, _seed, _past, _published, _nodeTitles, _inFlight, _timeout, _profile, _max, _p99])
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
    }

    /// <summary>The settings that a valid command line amounts to.</summary>
    public LoadSettings Read(ParseResult parse) => new()
    {
        Nodes = parse.GetRequiredValue(_urls),
        MeasuredNodes = parse.GetValue(_nodes) is { Length: > 0 } measured ? measured : parse.GetRequiredValue(_urls),
        Seed = parse.GetValue(_seed),
        Users = parse.GetValue(_users),
        Titles = parse.GetValue(_titles),
        UsesNodeTitles = parse.GetValue(_nodeTitles),
        IsPublished = parse.GetValue(_published),
        PastPerUser = parse.GetValue(_past),
        Plan = TrafficPlan.Parse(parse.GetRequiredValue(_rate), parse.GetRequiredValue(_mix), out var error) ?? throw new CommandFailure(error!),
        Batch = parse.GetValue(_batch),
        HotShare = parse.GetValue(_hot),
        Extent = new LoadExtent(TimeSpan.FromMinutes(parse.GetValue(_minutes)), parse.GetValue(_count) ?? long.MaxValue),
        WarmUp = TimeSpan.FromSeconds(parse.GetValue(_warmUp)),
        InFlightMax = parse.GetValue(_inFlight),
        Timeout = TimeSpan.FromSeconds(parse.GetValue(_timeout)),
        Profile = TimeSpan.FromSeconds(parse.GetValue(_profile)),
        Maximum = parse.GetValue(_max) is { } kind ? TrafficKinds.Find(kind) : null,
        P99Max = TimeSpan.FromMilliseconds(parse.GetValue(_p99)),
    };

    private void Check(CommandResult command)
    {
        // Defaults are not there yet when a command is checked.
        var rate = command.GetValue(_rate) ?? UsualRate;
        if (TrafficPlan.Parse(rate, command.GetValue(_mix) ?? UsualMix, out var error) is null)
        {
            command.AddError(error!);
        }

        if (rate.Contains('=', StringComparison.Ordinal) && IsGiven(_mix))
        {
            command.AddError("--rate names the kinds already; leave --mix out.");
        }

        if (command.GetValue(_nodeTitles) && IsGiven(_titles))
        {
            command.AddError("--titles is the number of simulated titles; with --node-titles there are none.");
        }

        if (IsGiven(_max) && IsGiven(_profile))
        {
            command.AddError("--max looks for a rate and --profile for a cost; give one of them.");
        }

        bool IsGiven(Option option) => command.GetResult(option) is { Implicit: false };
    }
}
