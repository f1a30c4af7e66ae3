using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Catalogue;

/// <summary>Asks all partitions about neighbours: those that this silo runs one by one, those of each other silo together.</summary>
internal sealed class PartitionNeighbours(
    IGrainFactory grains,
    IOptions<MarqueeOptions> options,
    ILogger<PartitionNeighbours> logger,
    INeighbourSilos? others = null)
{
    private readonly IEventPartitionGrain[] _partitions =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(partition => grains.GetGrain<IEventPartitionGrain>(partition))];

    /// <summary>Titles whose neighbours changed.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="since">By partition, see <see cref="ChangedNeighboursQuestion.Since"/>.</param>
    /// <param name="most">How many titles of each partition at most.</param>
    /// <returns>By partition; null where it does not answer: what it told is lost with its answer, and must be asked for again.</returns>
    public async Task<ChangedNeighbours?[]> TakeChanged(string tenant, IReadOnlyList<long?> since, int most)
    {
        var answers = new ChangedNeighbours?[_partitions.Length];
        await Task.WhenAll(BySilo().Select(async partitions =>
        {
            ImmutableArray<ChangedNeighboursQuestion> questions = [.. partitions.Select(partition => new ChangedNeighboursQuestion(partition, since[partition]))];
            var told = await TakeChanged(partitions.Key, tenant, questions, most);
            for (var i = 0; i < told.Length; i++)
            {
                answers[questions[i].Partition] = told[i];
            }
        }));
        return answers;
    }

    /// <summary>Asks each of some partitions by itself; see <see cref="TakeChanged(string, IReadOnlyList{long?}, int)"/>.</summary>
    /// <returns>In the order of the questions.</returns>
    public async Task<ImmutableArray<ChangedNeighbours?>> TakeChangedOfEach(string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most) =>
        ImmutableCollectionsMarshal.AsImmutableArray(await Task.WhenAll(questions.Select(question => TakeChanged(tenant, question, most))));

    /// <summary>What the partitions hold of the titles' neighbours.</summary>
    /// <returns>One for each partition, in no order.</returns>
    /// <exception cref="Exception">A partition does not answer.</exception>
    public async Task<IReadOnlyList<NeighbourShareMessage>> Read(string tenant, ImmutableArray<string> titleIds)
    {
        var shares = await Task.WhenAll(BySilo().Select(partitions => Read(partitions.Key, tenant, [.. partitions], titleIds)));
        return [.. shares.SelectMany(share => share)];
    }

    /// <summary>What some partitions hold, each asked by itself.</summary>
    /// <returns>In the order of the partitions.</returns>
    /// <exception cref="Exception">A partition does not answer.</exception>
    public async Task<ImmutableArray<NeighbourShareMessage>> ReadOfEach(string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        ImmutableCollectionsMarshal.AsImmutableArray(await Task.WhenAll(partitions.Select(partition => _partitions[partition].ReadNeighbours(tenant, titleIds))));

    private ILookup<SiloAddress?, int> BySilo() => Enumerable.Range(0, _partitions.Length).ToLookup(partition => others?.FindOther(partition));

    private async Task<ImmutableArray<ChangedNeighbours?>> TakeChanged(SiloAddress? silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most)
    {
        if (silo is null)
        {
            return await TakeChangedOfEach(tenant, questions, most);
        }

        try
        {
            return await others!.TakeChanged(silo, tenant, questions, most);
        }
        catch (Exception exception)
        {
            // Not asked again at once: without the lost answer nobody knows since when.
            logger.LogWarning(exception, "Silo {Silo} does not say whose neighbours changed in {Partitions} partitions; trying again", silo, questions.Length);
            return [.. questions.Select(_ => (ChangedNeighbours?)null)];
        }
    }

    private async Task<ChangedNeighbours?> TakeChanged(string tenant, ChangedNeighboursQuestion question, int most)
    {
        try
        {
            return await _partitions[question.Partition].TakeChangedNeighbours(tenant, question.Since, most);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Partition {Partition} does not say whose neighbours changed; trying again", question.Partition);
            return null;
        }
    }

    private Task<ImmutableArray<NeighbourShareMessage>> Read(SiloAddress? silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        silo is null ? ReadOfEach(tenant, partitions, titleIds) : others!.Read(silo, tenant, partitions, titleIds);
}
