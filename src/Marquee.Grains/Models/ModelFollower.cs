using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Grains.Catalogue;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Models;

/// <summary>Ranks with whatever version the registry names: every silo has one, asks for changes, and reads new models from the store.</summary>
/// <remarks>Viewers are not told: each viewer's vectors are folded anew when the next ranking for them meets another model.</remarks>
public sealed class ModelFollower(
    IGrainFactory grains,
    ModelFiles files,
    CatalogueReplica replica,
    IOptions<MarqueeOptions> options,
    TimeProvider time,
    ILogger<ModelFollower> logger) : Follower(time, logger)
{
    private long _sequence = -1;

    /// <summary>The registry's change that this silo ranks by; −1 before the first.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>The version that the registry names and this program cannot read; null when it could.</summary>
    public string? Unreadable { get; private set; }

    /// <inheritdoc/>
    protected override long Reached => Sequence;

    /// <inheritdoc/>
    protected override async Task PollOnce(CancellationToken stoppingToken)
    {
        var list = await grains.GetGrain<IModelRegistryGrain>(options.Value.Tenant).WaitForChange(Sequence, LongPoll).WaitAsync(stoppingToken);
        if (list.Sequence != Sequence)
        {
            await Follow(list);
            Volatile.Write(ref _sequence, list.Sequence);
            NoteChanged();
        }
    }

    /// <inheritdoc/>
    protected override string WhenUnanswered() => $"The model versions cannot be read; ranking with {replica.Current.Model.Version} meanwhile";

    private async Task Follow(ModelList list)
    {
        if (list.Current == replica.Current.Model.Version)
        {
            return;
        }

        Unreadable = null;
        if (list.CurrentVersion is not { } version)
        {
            replica.Publish(PublishedModel.Untrained);
            return;
        }

        try
        {
            var stored = await files.Read(version.StoreKey) ?? throw new InvalidDataException("It is not in the store.");
            replica.Publish(PublishedModelCodec.FromBytes(stored.Model));
            Logger.LogInformation("Ranking with model {Version}", list.Current);
        }
        catch (InvalidDataException unreadable)
        {
            Unreadable = list.Current;
            Logger.LogWarning(unreadable, "The model {Version} cannot be read; ranking with {Served} instead", list.Current, replica.Current.Model.Version);
        }
    }
}
