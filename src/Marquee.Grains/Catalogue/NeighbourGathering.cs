using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;
using Marquee.Grains.Titles;
using Microsoft.Extensions.Logging;

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
internal sealed class NeighbourGathering(IGrainFactory grains, string tenant, TitleTable titles, MarqueeOptions options, TimeProvider time, ILogger logger)
{
    private const int TitlesPerRound = 256;
    private const int ToldPerCall = 1_024;

    /// <summary>A round of work is followed by a rest of this many times as long.</summary>
    private const int RestFactor = 4;

    private readonly IEventPartitionGrain[] _partitions =
        [.. Enumerable.Range(0, options.PartitionCount).Select(partition => grains.GetGrain<IEventPartitionGrain>(partition))];

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

        try
        {
            await Ask();
            return await SumNext();
        }
        finally
        {
            _restUntil = time.GetTimestamp() + (RestFactor * (time.GetTimestamp() - now));
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

        await Task.WhenAll(Enumerable.Range(0, _partitions.Length).Select(Ask));
    }

    private async Task Ask(int partition)
    {
        var since = _askSince[partition];
        try
        {
            // Until the answer is here, what it told would be lost with it.
            _askSince[partition] ??= _told.GetValueOrDefault(partition);
            var changed = await _partitions[partition].TakeChangedNeighbours(tenant, since, ToldPerCall);
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
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Partition {Partition} does not say whose neighbours changed; trying again", partition);
        }
    }

    private async Task<ImmutableArray<TitleNeighboursMessage>> SumNext()
    {
        if (_waiting.Count == 0)
        {
            return [];
        }

        var round = _waiting.Take(TitlesPerRound).ToImmutableArray();
        var shares = await Task.WhenAll(_partitions.Select(partition => partition.ReadNeighbours(tenant, round)));

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
