using System.Collections.Immutable;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;
using Marquee.Grains.Events;
using Marquee.Grains.Titles;

namespace Marquee.Grains.Catalogue;

/// <summary>
/// Keeps the neighbours of a tenant's titles fresh: asks the partitions which changed, reads those from all of them, sums,
/// and hands on the strongest.
/// </summary>
/// <remarks>
/// One event changes the neighbours of twenty titles, so they travel apart from the counters and at a pace of their own: a
/// round of a few hundred titles, then a rest of several times what the round took. Everything is read absolutely: a round
/// that fails is simply made again.
/// </remarks>
internal sealed class NeighbourGathering(PartitionQuestions partitions, string tenant, TitleTable titles, MarqueeOptions options, TimeProvider time)
{
    private const int TitlesPerRound = 256;
    private const int ToldPerCall = 1_024;

    /// <summary>
    /// A round of work is followed by a rest of this many times as long: where all titles change all the time, a tenth of one
    /// processor goes into it, and as much again on each silo that takes the sums over.
    /// </summary>
    private const int RestFactor = 9;

    /// <summary>The shortest rest when nothing had changed, or the round failed: to ask all partitions costs as much then.</summary>
    private static readonly TimeSpan IdleRest = TimeSpan.FromMilliseconds(400);

    private readonly long?[] _askSince = new long?[options.PartitionCount];
    private readonly long[] _epochs = new long[options.PartitionCount];
    private readonly NeighbourSum _sum = new(titles);
    private readonly HashSet<string> _isWaiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _waiting = new();
    private readonly Dictionary<int, long> _told = [];
    private long _restUntil;

    /// <summary>Neighbour changes before these offsets have been handed on; only while nothing waits.</summary>
    public IReadOnlyDictionary<int, long> Covered { get; private set; } = new Dictionary<int, long>();

    /// <summary>Says where to begin: what is known of a partition covers everything before an offset.</summary>
    public void BeginAt(IReadOnlyDictionary<int, long> covered)
    {
        Covered = covered;
        for (var partition = 0; partition < _askSince.Length; partition++)
        {
            _askSince[partition] = covered.GetValueOrDefault(partition);
        }
    }

    /// <summary>Makes one round, unless it is still time to rest.</summary>
    /// <returns>The titles whose neighbours were summed anew.</returns>
    public async Task<ImmutableArray<TitleNeighboursMessage>> RunIfDue()
    {
        var now = time.GetTimestamp();
        if (now < _restUntil)
        {
            return [];
        }

        ImmutableArray<TitleNeighboursMessage> summed = [];
        try
        {
            await Ask();
            return summed = await SumNext();
        }
        finally
        {
            var took = time.GetElapsedTime(now);
            var rest = summed.IsEmpty && took * RestFactor < IdleRest ? IdleRest : took * RestFactor;
            _restUntil = time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency);
        }
    }

    /// <summary>What was handed on before this call is now part of what the caller keeps.</summary>
    public void NoteHandedOn()
    {
        if (_waiting.Count == 0)
        {
            Covered = new Dictionary<int, long>(_told);
        }
    }

    private async Task Ask()
    {
        if (_waiting.Count >= TitlesPerRound)
        {
            return;
        }

        long?[] since = [.. _askSince];
        for (var partition = 0; partition < _askSince.Length; partition++)
        {
            // Until the answer is here, what it told would be lost with it.
            _askSince[partition] ??= _told.GetValueOrDefault(partition);
        }

        var answers = await partitions.TakeChangedNeighbours(tenant, since, ToldPerCall);
        for (var partition = 0; partition < answers.Length; partition++)
        {
            if (answers[partition] is { } changed)
            {
                Take(partition, since[partition], changed);
            }
        }
    }

    private void Take(int partition, long? since, ChangedNeighbours changed)
    {
        _askSince[partition] = null;
        foreach (var titleId in changed.TitleIds)
        {
            if (_isWaiting.Add(titleId))
            {
                _waiting.Enqueue(titleId);
            }
        }

        if (since is null && changed.Epoch != _epochs[partition])
        {
            // Another activation answered: it does not know what the one before had still to tell.
            _askSince[partition] = _told.GetValueOrDefault(partition);
        }
        else if (changed.UpTo is { } upTo)
        {
            _told[partition] = upTo;
        }

        _epochs[partition] = changed.Epoch;
    }

    private async Task<ImmutableArray<TitleNeighboursMessage>> SumNext()
    {
        if (_waiting.Count == 0)
        {
            return [];
        }

        var round = _waiting.Take(TitlesPerRound).ToImmutableArray();
        var shares = await partitions.ReadNeighbours(tenant, round);

        // Off the grain's turn: summing a few hundred titles takes milliseconds.
        var strongest = await Task.Run(() => _sum.Strongest(round.Length, [.. shares.Select(share => share.ToEngine())], options.NeighboursPerRow));
        foreach (var titleId in round)
        {
            _waiting.Dequeue();
            _isWaiting.Remove(titleId);
        }

        return [.. round.Select((titleId, i) => strongest[i].ToMessage(titleId))];
    }
}
