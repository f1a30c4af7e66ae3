using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Cli.Chaos.Folds;

/// <summary>The histories that the log folds into, user by user.</summary>
internal sealed class UserFolds(TitleTable titles)
{
    private readonly Dictionary<string, UserFold> _users = new(StringComparer.Ordinal);

    /// <summary>By key, <c>tenant/user</c>; also those who were erased.</summary>
    public IReadOnlyDictionary<string, UserFold> All => _users;

    /// <summary>Folds the whole log of a partition.</summary>
    public void Add(FollowedPartition partition)
    {
        foreach (var batch in partition.Batches)
        {
            var offset = batch.FirstOffset;
            foreach (var entry in LogEntryCodec.Decode(batch.Payload.Span).Entries)
            {
                if (!_users.TryGetValue(entry.UserKey, out var user))
                {
                    _users[entry.UserKey] = user = new UserFold(new EngagementHistory(titles));
                }

                user.Apply(entry, offset++);
            }
        }
    }
}

/// <summary>One user's history, folded from the log.</summary>
internal sealed class UserFold(EngagementHistory history)
{
    /// <summary>The events behind the last erasure.</summary>
    public EngagementHistory History => history;

    /// <summary>The offset of the user's last entry.</summary>
    public long LastOffset { get; private set; }

    public void Apply(in LogEntry entry, long offset)
    {
        LastOffset = offset;
        if (entry.Event is { } engagement)
        {
            history.Append(engagement);
        }
        else
        {
            history.Clear();
        }
    }
}
