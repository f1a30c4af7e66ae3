using System.Diagnostics.Metrics;
using Marquee.Contracts.Recommendations;
using Marquee.Grains.Operations;
using Marquee.Grains.Recommendations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Marquee.Tests.Recommendations;

public sealed class ExplorationLogTests
{
    [Fact]
    public void Note_Slate_CountsAndLogsItsExploredSlotsAlone()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var counted = new List<(long Slots, string? Surface)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "marquee.slots.explored")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, slots, tags, _) => counted.Add((slots, tags[0].Key == "surface" ? (string?)tags[0].Value : null)));
        listener.Start();
        var lines = new Lines();

        new ExplorationLog(new NodeMetrics(meters, TimeProvider.System), lines).Note(Slate());

        Assert.Equal([(1, "top-picks"), (1, "top-picks")], counted);
        Assert.Equal(
            ["Explored top-picks~m~1: top-picks, rank 2, title t2, propensity 0.125", "Explored top-picks~m~1: top-picks, rank 3, title t3, propensity 0.05"],
            lines.Debug);
    }

    private static Slate Slate() => new()
    {
        RecommendationId = "top-picks~m~1",
        Surface = "top-picks",
        ModelVersion = "m",
        Source = "personal",
        Items =
        [
            new SlateItem { TitleId = "t1", Rank = 1, Score = 1, Reason = "", Origin = "ranked" },
            new SlateItem { TitleId = "t2", Rank = 2, Score = 1, Reason = "", Origin = "explore", Propensity = 0.125 },
            new SlateItem { TitleId = "t3", Rank = 3, Score = 1, Reason = "", Origin = "explore", Propensity = 0.05 },
        ],
    };

    private sealed class Lines : ILogger<ExplorationLog>
    {
        public List<string> Debug { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Debug)
            {
                Debug.Add(formatter(state, exception));
            }
        }
    }
}
