using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Marquee.Tests.Storage.Snapshots;

public sealed class SnapshotSerializerTests
{
    /// <summary>What is stored can be read by whoever reads the official packages' states, and the other way round.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(3_000_000)]
    public void Serialize_AState_GivesTheBytesOfTheOfficialSerializer(int length)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var (ours, official) = (new SnapshotSerializer(serializer), new OrleansGrainStorageSerializer(serializer));
        var state = new UserSnapshot { History = new byte[length], Offset = 9 };
        new Random(7).NextBytes(state.History);
        var bytes = ours.Serialize(state);
        Assert.Equal(official.Serialize(state).ToArray(), bytes.ToArray());
        var rented = ours.Rent(state);
        Assert.Equal(bytes.ToArray(), rented.Memory.ToArray());
        rented.Return();
        var read = ours.Deserialize<UserSnapshot>(bytes);
        Assert.Equal((state.Offset, state.History.Length), (read.Offset, read.History.Length));
        Assert.Equal(state.History, read.History);
    }
}
