using System.Text;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Cluster.Tests.Storage;

/// <summary>What a client was told, to be compared with what the stores hold.</summary>
internal sealed class AcknowledgedWrites
{
    private readonly Dictionary<string, (LogPartition Partition, long Offset, int Count)> _appended = [];
    private readonly Dictionary<string, long> _written = [];
    private readonly Dictionary<string, long> _attempted = [];

    /// <summary>How many appends were acknowledged.</summary>
    public int Appends => _appended.Count;

    /// <summary>Notes a line of the worker.</summary>
    public void Note(string line)
    {
        switch (line.Split(' '))
        {
            case ["appended", var number, var offset, var count, { Length: 36 } id]:
                _appended.Add(id, (LogPartition.Events(int.Parse(number)), long.Parse(offset), int.Parse(count)));
                break;
            case ["written", var grain, var value]:
                _written[grain] = long.Parse(value);
                break;
            case ["writing", var grain, var value]:
                _attempted[grain] = long.Parse(value);
                break;
            default:
                break;
        }
    }

    /// <summary>Opens the directory and checks that everything acknowledged is there once, at its offset, and nothing twice.</summary>
    public async Task AssertHeldAsync(string directory, CancellationToken cancellationToken)
    {
        var report = LogVerifier.Verify(directory, cancellationToken: cancellationToken);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        using var data = DataDirectory.Open(directory, 64);
        await AssertLogAsync(directory, cancellationToken);
        await AssertStatesAsync(directory);
    }

    private async Task AssertLogAsync(string directory, CancellationToken cancellationToken)
    {
        await using var log = new SqlitePartitionLog(directory, new SqliteStorageOptions());
        var held = new Dictionary<string, (LogPartition, long, int)>();
        foreach (var partition in Enumerable.Range(0, 16).Select(LogPartition.Events))
        {
            await foreach (var batch in log.ReadAsync(partition, 0, cancellationToken))
            {
                // Throws at an id that is there twice.
                held.Add(IdOf(batch), (partition, batch.FirstOffset, batch.Count));
            }
        }

        foreach (var (id, place) in _appended)
        {
            Assert.True(held.TryGetValue(id, out var found), $"{id}, acknowledged at {place}, is lost.");
            Assert.Equal(place, found);
        }
    }

    private async Task AssertStatesAsync(string directory)
    {
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        await using var storage = new SqliteGrainStorage(
            directory,
            new SqliteStorageOptions(),
            new SnapshotSerializer(services.GetRequiredService<Serializer>()),
            services.GetRequiredService<IActivatorProvider>());
        foreach (var (grain, acknowledged) in _written)
        {
            var state = new GrainState<long>();
            await storage.ReadStateAsync("count", GrainId.Create("counter", grain), state);
            Assert.InRange(state.State, acknowledged, _attempted[grain]);
        }
    }

    private static string IdOf(StoredBatch batch) => Encoding.UTF8.GetString(batch.Payload.Span[..36]);
}
