using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Titles;
using Orleans.Services;

namespace Marquee.Contracts.Operations;

/// <summary>Each silo's answer to the others: whether one reaches another is seen by sending it something, and by nothing else.</summary>
[Alias("marquee.IPeerService")]
public interface IPeerService : IGrainService
{
    /// <summary>Answers at once.</summary>
    [ResponseTimeout("00:00:05"), Alias("Ping")]
    Task Ping();

    /// <summary>Whether the silo serves: what is given to one that is still starting has to wait.</summary>
    [ResponseTimeout("00:00:02"), Alias("IsReady")]
    Task<bool> IsReady();

    /// <summary>Whether the machine of a silo says to the silo that is asked that nothing listens where that one should.</summary>
    /// <param name="silo">The silo that is suspected.</param>
    [ResponseTimeout("00:00:02"), Alias("IsRefusedBy")]
    Task<bool> IsRefusedBy(SiloAddress silo);

    /// <summary>Whether no call from the silo that is asked to another has been answered for a while.</summary>
    /// <param name="silo">The silo that is suspected.</param>
    [ResponseTimeout("00:00:02"), Alias("IsSilentTo")]
    Task<bool> IsSilentTo(SiloAddress silo);

    /// <summary>For how long the silo has not reached the store; zero when its last try got through. Asked only by those that reach it: so the silo knows that others do.</summary>
    [ResponseTimeout("00:00:02"), Alias("WithoutStoreFor")]
    Task<TimeSpan> WithoutStoreFor();

    /// <summary>Appends to several partitions that the silo should run; answers in the order of the appends, for each by itself.</summary>
    /// <remarks>A time-out is an unknown outcome of all of them: retry with the same event ids, each where it is.</remarks>
    [ResponseTimeout("00:00:03"), Alias("Append")]
    Task<ImmutableArray<AppendResult>> Append(string tenant, ImmutableArray<PartitionAppend> appends);

    /// <summary>The same as <see cref="Append"/>, in a form that costs the call less. Silos of builds before this one do not know it.</summary>
    [ResponseTimeout("00:00:03"), Alias("AppendPacked")]
    Task<PackedAppendResults> AppendPacked(string tenant, PackedAppends appends);

    /// <summary>Has titles that should be on the silo take over what changed, and tells the catalogue feed.</summary>
    [ResponseTimeout("00:00:10"), Alias("Publish")]
    Task<TitlesPublished> Publish(string tenant, ImmutableArray<TitleChangeMessage> changes);

    /// <summary>The same as <see cref="Publish"/>, in a form that costs the call less. Silos of builds before this one do not know it.</summary>
    [ResponseTimeout("00:00:10"), Alias("PublishPacked")]
    Task<TitlesPublished> PublishPacked(string tenant, PackedTitleChanges changes);

    /// <summary>Titles whose neighbours changed in partitions that the silo should run; in the order of the questions, null where a partition does not answer.</summary>
    /// <remarks>What is told is not told again unless it is asked for: after a call that failed ask since the last answer.</remarks>
    /// <param name="tenant">The tenant.</param>
    /// <param name="questions">One for each partition.</param>
    /// <param name="most">How many titles of each partition at most.</param>
    [ResponseTimeout("00:00:05"), Alias("TakeChangedNeighbours")]
    Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighbours(string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most);

    /// <summary>What partitions that the silo should run hold of the titles' neighbours, in the order of the partitions.</summary>
    [ResponseTimeout("00:00:05"), Alias("ReadPackedNeighbours")]
    Task<PackedNeighbourShares> ReadNeighbours(string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds);

    /// <summary>What partitions that the silo should run hold of titles, in the order of the titles. Silos of builds before this one do not know it.</summary>
    [ResponseTimeout("00:00:05"), Alias("ReadPackedTitles")]
    Task<PackedTitleChanges> ReadTitles(string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds);

    /// <summary>The slate that the silo's node last gave a viewer for such a request; null when it keeps none.</summary>
    [ResponseTimeout("00:00:01"), Alias("FindKeptSlate")]
    Task<Slate?> FindKeptSlate(string userId, SlateRequest request);

    /// <summary>The home page that the silo's node last gave a viewer for such a request; null when it keeps none.</summary>
    [ResponseTimeout("00:00:01"), Alias("FindKeptHome")]
    Task<Home?> FindKeptHome(string userId, HomeRequest request);

    /// <summary>Has the silo's node forget what it answered to a viewer that has been erased. Silos of builds before this one do not know it.</summary>
    /// <param name="userId">The viewer.</param>
    /// <param name="erasure">Covers the erasure.</param>
    [ResponseTimeout("00:00:02"), Alias("ForgetKept")]
    Task ForgetKept(string userId, LogPosition erasure);
}
