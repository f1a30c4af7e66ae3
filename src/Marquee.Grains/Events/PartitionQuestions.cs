using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Events;

/// <summary>Asks all partitions about titles: those that this silo runs one by one, those of each other silo together.</summary>
internal sealed class PartitionQuestions(
    IGrainFactory grains,
    IOptions<MarqueeOptions> options,
    ILogger<PartitionQuestions> logger,
    IPartitionPeers? others = null)
{
    private readonly IEventPartitionGrain[] _partitions =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(partition => grains.GetGrain<IEventPartitionGrain>(partition))];

    /// <summary>Titles whose neighbours changed.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="since">By partition, see <see cref="ChangedNeighboursQuestion.Since"/>.</param>
    /// <param name="most">How many titles of each partition at most.</param>
    /// <returns>By partition; null where it does not answer: what it told is lost with its answer, and must be asked for again.</returns>
    public async Task<ChangedNeighbours?[]> TakeChangedNeighbours(string tenant, IReadOnlyList<long?> since, int most)
    {
        var answers = new ChangedNeighbours?[_partitions.Length];
        await Task.WhenAll(BySilo().Select(async partitions =>
        {
            ImmutableArray<ChangedNeighboursQuestion> questions = [.. partitions.Select(partition => new ChangedNeighboursQuestion(partition, since[partition]))];
            var told = await TakeChangedNeighbours(partitions.Key, tenant, questions, most);
            for (var i = 0; i < told.Length; i++)
            {
                answers[questions[i].Partition] = told[i];
            }
        }));
        return answers;
    }

    /// <summary>Asks each of some partitions by itself; see <see cref="TakeChangedNeighbours(string, IReadOnlyList{long?}, int)"/>.</summary>
    /// <returns>In the order of the questions.</returns>
    public async Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighboursOfEach(string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most) =>
        ImmutableCollectionsMarshal.AsImmutableArray(await Task.WhenAll(questions.Select(question => TakeChangedNeighbours(tenant, question, most))));

    /// <summary>What the partitions hold of the titles' neighbours.</summary>
    /// <returns>One for each partition, in no order.</returns>
    /// <exception cref="Exception">A partition does not answer.</exception>
    public async Task<IReadOnlyList<NeighbourShareMessage>> ReadNeighbours(string tenant, ImmutableArray<string> titleIds)
    {
        var shares = await Task.WhenAll(BySilo().Select(partitions => ReadNeighbours(partitions.Key, tenant, [.. partitions], titleIds)));
        return [.. shares.SelectMany(share => share)];
    }

    /// <summary>What some partitions hold, each asked by itself.</summary>
    /// <returns>In the order of the partitions.</returns>
    /// <exception cref="Exception">A partition does not answer.</exception>
    public async Task<ImmutableArray<NeighbourShareMessage>> ReadNeighboursOfEach(string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        ImmutableCollectionsMarshal.AsImmutableArray(await Task.WhenAll(partitions.Select(partition => _partitions[partition].ReadNeighbours(tenant, titleIds))));

    /// <summary>What the partitions hold of titles.</summary>
    /// <returns>In the order of the titles.</returns>
    /// <exception cref="Exception">A partition does not answer.</exception>
    public async Task<ImmutableArray<TitleShareMessage>[]> ReadTitles(string tenant, ImmutableArray<string> titleIds)
    {
        var answers = await Task.WhenAll(BySilo().Select(partitions => ReadTitles(partitions.Key, tenant, [.. partitions], titleIds)));
        return [.. titleIds.Select((_, i) => answers.SelectMany(answer => answer[i].Shares).ToImmutableArray())];
    }

    /// <summary>What some partitions hold of titles, each asked by itself.</summary>
    /// <returns>In the order of the titles.</returns>
    /// <exception cref="Exception">A partition does not answer.</exception>
    public async Task<ImmutableArray<TitleChangeMessage>> ReadTitlesOfEach(string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds)
    {
        var answers = await Task.WhenAll(partitions.Select(partition => _partitions[partition].ReadTitles(tenant, titleIds)));
        return [.. titleIds.Select((titleId, i) => new TitleChangeMessage(titleId, [.. answers.Select(answer => answer[i]).OfType<TitleShareMessage>()]))];
    }

    private ILookup<SiloAddress?, int> BySilo() => Enumerable.Range(0, _partitions.Length).ToLookup(partition => others?.FindOther(partition));

    private async Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighbours(SiloAddress? silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most)
    {
        if (silo is null)
        {
            return await TakeChangedNeighboursOfEach(tenant, questions, most);
        }

        try
        {
            return await others!.TakeChangedNeighbours(silo, tenant, questions, most);
        }
        catch (Exception exception)
        {
            // Not asked again at once: without the lost answer nobody knows since when.
            logger.LogWarning(exception, "Silo {Silo} does not say whose neighbours changed in {Partitions} partitions; trying again", silo, questions.Length);
            return [.. questions.Select(_ => (ChangedNeighbours?)null)];
        }
    }

    private async Task<ChangedNeighbours?> TakeChangedNeighbours(string tenant, ChangedNeighboursQuestion question, int most)
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

    private Task<ImmutableArray<NeighbourShareMessage>> ReadNeighbours(SiloAddress? silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        silo is null ? ReadNeighboursOfEach(tenant, partitions, titleIds) : others!.ReadNeighbours(silo, tenant, partitions, titleIds);

    private async Task<ImmutableArray<TitleChangeMessage>> ReadTitles(SiloAddress? silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds)
    {
        if (silo is not null)
        {
            try
            {
                return await others!.ReadTitles(silo, tenant, partitions, titleIds);
            }
            catch (Exception exception) when (exception is not TimeoutException)
            {
                // It may be of a build that answers for each partition only, or its partitions are elsewhere by now.
                logger.LogDebug(exception, "Silo {Silo} does not say together what {Partitions} partitions hold of titles; asking each", silo, partitions.Length);
            }
        }

        return await ReadTitlesOfEach(tenant, partitions, titleIds);
    }
}
