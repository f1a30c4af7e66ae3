using System.Globalization;
using Marquee.Cli.Chaos.Histories;
using Marquee.Contracts.Events;
using Marquee.Engine.Titles;
using Marquee.Storage.Snapshots;

namespace Marquee.Cli.Chaos.Folds;

/// <summary>Compares what a store holds, after all partitions have stored what they hold, with the fold of the log. Pure.</summary>
/// <remarks>
/// Byte for byte: each snapshot of a partition with the fold up to its offset, and the newest one has to reach the log's end;
/// the stored history of each user with the fold of the user's entries; in the stored row of each title its engagement with
/// the sum over all partitions. Where a part of a partition's log was let go of unread, the rest is folded onto a snapshot from
/// behind that part, and its users are left out. Of titles, neighbours are not compared: they follow slowly.
/// </remarks>
internal sealed class FoldCheck
{
    private readonly TitleTable _titleIds = new();
    private readonly Dictionary<string, TitleStatistics> _titles = new(StringComparer.Ordinal);
    private readonly List<string> _complaints = [];
    private int _partitions;
    private int _partitionsFromSnapshot;
    private int _partitionsSkipped;
    private int _users;
    private int _usersSkipped;
    private int _titlesCompared;
    private int _titlesSkipped;

    private FoldCheck()
    {
    }

    /// <summary>Compares.</summary>
    /// <param name="log">All partitions, as they were followed to the end.</param>
    /// <param name="stored">What is stored.</param>
    /// <returns>What was compared, and a sentence for each difference.</returns>
    public static (FoldComparison Compared, IReadOnlyList<string> Complaints) Of(IReadOnlyList<FollowedPartition> log, StoredStates stored)
    {
        var check = new FoldCheck();
        foreach (var partition in log)
        {
            check.ComparePartition(partition, stored.Partitions[partition.Number]);
        }

        check.CompareUsers(log, stored.Users);
        check.CompareTitles(stored.Titles);
        return (new FoldComparison(
            check._partitions, check._partitionsFromSnapshot, check._partitionsSkipped, check._users, check._usersSkipped, check._titlesCompared, check._titlesSkipped), check._complaints);
    }

    private void ComparePartition(FollowedPartition partition, IReadOnlyList<PartitionSnapshot> snapshots)
    {
        if (partition.Batches.Count == 0)
        {
            if (snapshots is [.., { NextOffset: > 0 } newest])
            {
                Complain($"Partition {partition.Number} has a state stored at offset {newest.NextOffset}, and no log.");
            }

            return;
        }

        if (partition.HasGaps && partition.Anchor is null)
        {
            _partitionsSkipped++;
            Complain($"Partition {partition.Number} could not be compared: a part of its log was let go of unread, and no snapshot covers that.");
            return;
        }

        var fold = new PartitionFold(partition, _titleIds);
        var compared = 0L;
        foreach (var snapshot in snapshots.Where(snapshot => snapshot.NextOffset > fold.State.NextOffset || !partition.HasGaps))
        {
            if (!fold.IsAt(snapshot))
            {
                Complain($"The state that partition {partition.Number} has stored at offset {snapshot.NextOffset} is not the fold of its log, which was folded up to {fold.State.NextOffset}.");
            }

            compared = snapshot.NextOffset;
        }

        if (compared >= partition.Next)
        {
            _ = partition.HasGaps ? _partitionsFromSnapshot++ : _partitions++;
        }
        else
        {
            _partitionsSkipped++;
            Complain(compared == 0
                ? $"Partition {partition.Number} has stored nothing that its log, which ends before offset {partition.Next}, could be compared with."
                : (FormattableString)$"The newest state that partition {partition.Number} has stored ends before offset {compared}, its log before {partition.Next}.");
        }

        fold.ToEnd();
        foreach (var title in fold.State.Folds.Values.SelectMany(tenant => Enumerable.Range(0, tenant.TitleCount).Select(number => tenant.Find(tenant.IdOf(number))!)))
        {
            if (!_titles.TryGetValue(title.TitleId, out var statistics))
            {
                _titles[title.TitleId] = statistics = new TitleStatistics();
            }

            statistics.Take(partition.Number, title.Version, title.Summarise());
        }
    }

    private void CompareUsers(IReadOnlyList<FollowedPartition> log, IReadOnlyDictionary<string, UserSnapshot> stored)
    {
        var histories = new UserFolds(_titleIds);
        foreach (var partition in log.Where(partition => !partition.HasGaps))
        {
            histories.Add(partition);
        }

        foreach (var (user, fold) in histories.All)
        {
            var held = stored.GetValueOrDefault(user);
            if (fold.History.Count == 0)
            {
                if (held is not null)
                {
                    Complain($"A history of {user} is stored, who was erased at offset {fold.LastOffset}.");
                }

                continue;
            }

            _users++;
            if (held is null)
            {
                Complain($"No history of {user} is stored, who has {fold.History.Count} events up to offset {fold.LastOffset}.");
            }
            else if (held.Offset < fold.LastOffset)
            {
                Complain($"The stored history of {user} reaches offset {held.Offset}, the log has an entry of that user at {fold.LastOffset}.");
            }
            else if (!held.History.AsSpan().SequenceEqual(fold.History.ToBytes()))
            {
                Complain($"The stored history of {user}, up to offset {held.Offset}, is not the fold of that user's {fold.History.Count} events in the log.");
            }
        }

        foreach (var user in stored.Keys.Where(user => !histories.All.ContainsKey(user)))
        {
            if (log[PartitionOf(user, log.Count)].HasGaps)
            {
                _usersSkipped++;
            }
            else
            {
                Complain($"A history of {user} is stored, of whom the log has nothing.");
            }
        }
    }

    private void CompareTitles(IReadOnlyDictionary<string, Contracts.Titles.EngagementTotals> stored)
    {
        if (_partitionsSkipped > 0)
        {
            _titlesSkipped = stored.Count;
            return;
        }

        foreach (var (title, statistics) in _titles)
        {
            _titlesCompared++;
            if (!stored.TryGetValue(title, out var row))
            {
                Complain($"No row of {title} is stored, which has events.");
            }
            else if (TitleRow.DifferenceOf(statistics.Sum(), row) is { } difference)
            {
                Complain($"The stored row of {title} is not the sum of its partitions' folds: {difference}.");
            }
        }

        foreach (var title in stored.Keys.Where(title => !_titles.ContainsKey(title)))
        {
            Complain($"The stored row of {title} has events, the log has none.");
        }
    }

    private static int PartitionOf(string user, int partitions)
    {
        var slash = user.IndexOf('/', StringComparison.Ordinal);
        return PartitionHash.Of(user[..slash], user[(slash + 1)..], partitions);
    }

    private void Complain(FormattableString complaint) => _complaints.Add(complaint.ToString(CultureInfo.InvariantCulture));
}
