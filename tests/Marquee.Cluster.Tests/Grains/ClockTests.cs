using Marquee.Contracts.Users;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>The machine's clock is set while a silo runs.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-clock-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task GetHistory_ClockWasSet_ViewersThatWereNotInMemoryAreServed(int hours)
    {
        var clock = new SettableClock();
        await using var silo = await TestSilo.Start(_directory, time: clock);
        await silo.Grains.GetGrain<IUserGrain>("default/ada").GetHistory(10, null, null);
        clock.Offset = TimeSpan.FromHours(hours);
        await silo.Grains.GetGrain<IUserGrain>("default/bob").GetHistory(10, null, null);
        await silo.Grains.GetGrain<IUserGrain>("default/ada").GetHistory(10, null, null);
    }

    private sealed class SettableClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
