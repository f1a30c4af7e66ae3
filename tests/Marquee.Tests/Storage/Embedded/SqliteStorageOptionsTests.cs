using Marquee.Storage.Embedded;

namespace Marquee.Tests.Storage.Embedded;

public sealed class SqliteStorageOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreRight() => Assert.Empty(new SqliteStorageOptions().Validate());

    [Fact]
    public void Validate_ManyMistakes_NamesEveryOne()
    {
        var options = new SqliteStorageOptions { Directory = " ", PartitionCount = 0, QueuedWritesMax = -1, LogBytesMax = 5, SnapshotBytesMax = -1 };
        Assert.Equal(5, options.Validate().Count);
    }
}
