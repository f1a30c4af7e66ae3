using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;

namespace Marquee.Tests.Gateway;

/// <summary>Users whose answers a test sets; they remember what they were asked.</summary>
internal sealed class FakeUsers
{
    public List<(string Key, SlateRequest Request)> Asked { get; } = [];

    public List<HomeRequest> Homes { get; } = [];

    public List<(int Limit, string? Cursor, LogPosition? After)> Histories { get; } = [];

    public Func<SlateRequest, Task<Slate>> Recommend { get; set; } = _ => throw new TimeoutException();

    public Func<HomeRequest, Task<Home>> Home { get; set; } = _ => throw new TimeoutException();

    public Func<Task<HistoryPage>> History { get; set; } = () => Task.FromResult(new HistoryPage([], null, default));

    internal sealed class User(FakeUsers all, string key) : IUserGrain
    {
        public Task Apply(ImmutableArray<LoggedEvent> events, long previousOffset, LogPosition position, long firstOffset) => throw new NotSupportedException();

        public Task<Slate> Recommend(SlateRequest request)
        {
            all.Asked.Add((key, request));
            return all.Recommend(request);
        }

        public Task<Home> GetHome(HomeRequest request)
        {
            all.Homes.Add(request);
            return all.Home(request);
        }

        public Task<HistoryPage> GetHistory(int limit, string? cursor, LogPosition? after)
        {
            all.Histories.Add((limit, cursor, after));
            return all.History();
        }

        public Task Snapshot(long offset) => throw new NotSupportedException();
    }
}
