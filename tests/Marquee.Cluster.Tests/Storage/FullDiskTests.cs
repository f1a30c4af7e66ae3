using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Cluster.Tests.Storage;

public sealed class FullDiskTests
{
    private static readonly LogPartition Partition = LogPartition.Events(0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_DiskFull_IsRefusedThenGoesOnWithoutARestartAndLosesNothing()
    {
        using var directory = StorageDirectory.CreateSmall(megabytes: 12);
        var ballast = Path.Combine(directory.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[6 << 20], Cancellation);
        var states = new List<(GrainId Grain, GrainState<byte> State)>();
        long end;
        await using (var stores = new Stores(directory.Path))
        {
            await stores.Log.OpenAsync(Partition, Cancellation);
            end = await stores.AppendUntilFullAsync(0);
            await stores.WriteUntilFullAsync(states);
            Assert.True(end > 50, $"{end} batches fitted");

            File.Delete(ballast);
            var more = await stores.AppendUntilFullAsync(end);
            Assert.True(more > end, "no append after room was made");
            end = more;
            await stores.AssertHeldAsync(end, states);
        }

        // As full as it is: a start says that it cannot, or works; it never takes the store for damaged.
        try
        {
            await using var stores = new Stores(directory.Path);
            await stores.AssertHeldAsync(end, states);
        }
        catch (StoreUnavailableException refusal)
        {
            Assert.Contains("room", refusal.Message);
        }

        using var roomier = StorageDirectory.Create();
        foreach (var file in Directory.GetFiles(directory.Path))
        {
            File.Copy(file, Path.Combine(roomier.Path, Path.GetFileName(file)));
        }

        await using (var stores = new Stores(roomier.Path))
        {
            await stores.AssertHeldAsync(end, states);
        }

        var report = LogVerifier.Verify(roomier.Path, cancellationToken: Cancellation);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }

    /// <summary>A log and snapshots in one directory.</summary>
    private sealed class Stores : IAsyncDisposable
    {
        private readonly DataDirectory _data;
        private readonly ServiceProvider _services;
        private readonly SqliteGrainStorage _storage;

        public Stores(string directory)
        {
            _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
            _data = DataDirectory.Open(directory, 64);
            Log = new SqlitePartitionLog(directory, new SqliteStorageOptions());
            _storage = new SqliteGrainStorage(
                directory,
                new SqliteStorageOptions(),
                new SnapshotSerializer(_services.GetRequiredService<Serializer>()),
                _services.GetRequiredService<IActivatorProvider>());
        }

        public SqlitePartitionLog Log { get; }

        public async ValueTask DisposeAsync()
        {
            await Log.DisposeAsync();
            await _storage.DisposeAsync();
            _data.Dispose();
            await _services.DisposeAsync();
        }

        /// <summary>Appends batches of 20 kB, each filled with its offset, until the log has no room.</summary>
        public async Task<long> AppendUntilFullAsync(long offset)
        {
            while (true)
            {
                var payload = new byte[20_000];
                payload.AsSpan().Fill((byte)offset);
                var outcome = await Log.AppendAsync(Partition, 1, offset, new LogBatch(1, payload), Cancellation);
                if (outcome != AppendOutcome.Appended)
                {
                    Assert.Equal(AppendOutcome.Full, outcome);
                    return offset;
                }

                offset++;
            }
        }

        /// <summary>Writes states until the snapshots have no room.</summary>
        public async Task WriteUntilFullAsync(List<(GrainId Grain, GrainState<byte> State)> states)
        {
            try
            {
                while (true)
                {
                    var grain = GrainId.Create("byte", $"{states.Count}");
                    var state = new GrainState<byte>((byte)states.Count);
                    await _storage.WriteStateAsync("byte", grain, state);
                    states.Add((grain, state));
                }
            }
            catch (StoreUnavailableException refusal)
            {
                Assert.Contains("No room", refusal.Message);
            }
        }

        public async Task AssertHeldAsync(long end, List<(GrainId Grain, GrainState<byte> State)> states)
        {
            var next = 0L;
            await foreach (var batch in Log.ReadAsync(Partition, 0, Cancellation))
            {
                Assert.Equal(next++, batch.FirstOffset);
                Assert.Equal(-1, batch.Payload.Span.IndexOfAnyExcept((byte)batch.FirstOffset));
            }

            Assert.Equal(end, next);
            foreach (var (grain, state) in states)
            {
                var read = new GrainState<byte>();
                await _storage.ReadStateAsync("byte", grain, read);
                Assert.Equal((state.State, state.ETag), (read.State, read.ETag));
            }
        }
    }
}
