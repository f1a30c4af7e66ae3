using Marquee.Contracts.Events;

namespace Marquee.Tests.Events;

public sealed class PartitionHashTests
{
    // The log is written by these numbers: a change here orphans every stored event.
    [Theory]
    [InlineData("default", "u1", 64, 51)]
    [InlineData("default", "u1", 7, 1)]
    [InlineData("default", "anna", 64, 43)]
    [InlineData("acme", "u1", 64, 30)]
    [InlineData("mänd", "~._-", 64, 26)]
    public void Of_KnownKeys_NeverChanges(string tenant, string userId, int partitionCount, int partition) =>
        Assert.Equal(partition, PartitionHash.Of(tenant, userId, partitionCount));

    [Fact]
    public void Of_LongestId_NeverChanges() => Assert.Equal(0, PartitionHash.Of("default", new string('x', 128), 64));

    [Fact]
    public void Of_ManyUsers_SpreadsThemEvenly()
    {
        var counts = new int[64];
        for (var user = 0; user < 64_000; user++)
        {
            counts[PartitionHash.Of("default", $"u{user}", counts.Length)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void Of_NoPartitions_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => PartitionHash.Of("default", "u1", 0));
}
