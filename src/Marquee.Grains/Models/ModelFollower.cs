using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Grains.Catalogue;
using Microsoft.Extensions.Hosting;
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
    ILogger<ModelFollower> logger) : BackgroundService
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private long _sequence = -1;
    private TaskCompletionSource _followed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The registry's change that this silo ranks by; −1 before the first.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>The version that the registry names and this program cannot read; null when it could.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>Waits until this silo ranks by a change; false when it does not in time.</summary>
    public async Task<bool> WaitFor(long sequence, TimeSpan wait)
    {
        var deadline = Task.Delay(wait, time);
        while (Sequence < sequence)
        {
            var followed = Volatile.Read(ref _followed).Task;
            if (Sequence < sequence && await Task.WhenAny(followed, deadline) == deadline)
            {
                return Sequence >= sequence;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var registry = grains.GetGrain<IModelRegistryGrain>(options.Value.Tenant);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var list = await registry.WaitForChange(Sequence, LongPoll).WaitAsync(stoppingToken);
                if (list.Sequence != Sequence)
                {
                    await Follow(list);
                    Volatile.Write(ref _sequence, list.Sequence);
                    Interlocked.Exchange(ref _followed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "The model versions cannot be read; ranking with {Version} meanwhile", replica.Current.Model.Version);
                await Task.Delay(RetryInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

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
            logger.LogInformation("Ranking with model {Version}", list.Current);
        }
        catch (InvalidDataException unreadable)
        {
            Unreadable = list.Current;
            logger.LogWarning(unreadable, "The model {Version} cannot be read; ranking with {Served} instead", list.Current, replica.Current.Model.Version);
        }
    }
}
