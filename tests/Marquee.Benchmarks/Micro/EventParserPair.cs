using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Marquee.Contracts.Events;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Events;

namespace Marquee.Benchmarks.Micro;

/// <summary>A body of 100 events, about 20 KB, read, checked and turned into messages.</summary>
public class EventParserPair
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(GeneratedWorld.Now + 3_600_000);

    private byte[] _body = [];

    [GlobalSetup]
    public void Setup()
    {
        _body = EventBatch.Json();
        var engine = BatchReader.Read(_body, isLines: false, new EventParser(Now)).Items;
        Agreement.Same(Deserialize(), engine, "the events of a body");
    }

    [Benchmark(Baseline = true)]
    public int Plain() => Deserialize().Count;

    [Benchmark]
    public int Engine() => BatchReader.Read(_body, isLines: false, new EventParser(Now)).Items.Count;

    private List<EngagementMessage> Deserialize()
    {
        var messages = new List<EngagementMessage>();
        foreach (var body in JsonSerializer.Deserialize<PlainEvent[]>(_body, Web)!)
        {
            var type = Enum.Parse<EngagementType>(body.Type, ignoreCase: true);
            if (type == EngagementType.Rate && body.Value is null or < 0.5 or > 5)
            {
                throw new InvalidDataException("A rating is from 0.5 to 5.");
            }

            messages.Add(new EngagementMessage
            {
                EventId = body.EventId,
                UserId = body.UserId,
                TitleId = body.TitleId,
                Type = type,
                OccurredAt = body.OccurredAt.ToUnixTimeMilliseconds(),
                Value = body.Value,
                PositionSeconds = body.PositionSeconds,
                DurationSeconds = body.DurationSeconds,
                Country = body.Country,
                Device = body.Device,
            });
        }

        return messages;
    }

    private sealed record PlainEvent(
        string EventId, string UserId, string TitleId, string Type, double? Value, double? PositionSeconds, double? DurationSeconds, DateTimeOffset OccurredAt, string? Country, string? Device);
}
