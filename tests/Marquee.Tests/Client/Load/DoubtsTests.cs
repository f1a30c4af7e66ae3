using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Reports;

namespace Marquee.Tests.Client.Load;

public sealed class DoubtsTests
{
    private static readonly LoadReport Sound = new()
    {
        Nodes = [new Uri("http://door.test")],
        MeasuredNodes = [new Uri("http://node.test")],
        World = new WorldFigures(1, 10, 10, false, 0, 100),
        OfferedPerSecond = 10,
        InFlightMax = 1_000,
        Load = Figures(degraded: 0, notSent: 0, delay: 1, new EventTotals(100, 100, 0, 0, 0)),
        Use = new NodeUse(1, 10, 1, 1_000, 100),
        IsSettled = true,
    };

    [Fact]
    public void Of_SoundLoad_IsNone() => Assert.Empty(Doubts.Of(Sound, silos: 1));

    [Fact]
    public void Of_EachReason_IsSaid()
    {
        AssertSaid("3 calls were NOT SENT", Sound with { Load = Figures(0, 3, 1, default) });
        AssertSaid("The generator itself was late", Sound with { Load = Figures(0, 0, 50, default) });
        AssertSaid("4 answers were degraded", Sound with { Load = Figures(4, 0, 1, default) });
        AssertSaid("20 events were in calls", Sound with { Load = Figures(0, 0, 1, new EventTotals(100, 80, 0, 0, 20)) });
        AssertSaid("somebody else sends events too", Sound with { Use = Sound.Use! with { EventsAccepted = 101 } });
        AssertSaid("started anew", Sound with { Use = null });
        AssertSaid("were not done with it", Sound with { IsSettled = false });
        AssertSaid("At rest the nodes use 50 %", Sound with { Idle = new NodeUse(1, 10, 5, 0, 0) });
        AssertSaid("3 silos and what 1 of them use was counted", Sound, silos: 3);
    }

    private static void AssertSaid(string expected, LoadReport report, int silos = 1) =>
        Assert.Contains(Doubts.Of(report, silos), doubt => doubt.Contains(expected, StringComparison.Ordinal));

    private static LoadFigures Figures(long degraded, long notSent, double delay, EventTotals events) => new()
    {
        Seconds = 10,
        Kinds =
        [
            new KindFigures { Kind = "batch", Due = 10, Answered = 10, Shed = 0, Refused = 0, Lost = 0, NotSent = notSent, Degraded = degraded, AnsweredPerSecond = 1, Events = events },
        ],
        SendDelayP99Milliseconds = delay,
        Complaints = [],
    };
}
