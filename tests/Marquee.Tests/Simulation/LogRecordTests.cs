using Marquee.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>A record of the simulated log is read as it was written, or not at all.</summary>
public sealed class LogRecordTests
{
    private static readonly LogPartition Partition = LogPartition.Events(0);

    public static TheoryData<int> Kinds => [(int)LogRecordKind.Base, (int)LogRecordKind.Claim, (int)LogRecordKind.Batch];

    /// <remarks>Once a flipped bit of a batch's count went unnoticed, and the store took what it then said for acknowledged.</remarks>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_AnyBitFlipped_IsNoRecord(int kind)
    {
        var record = new LogRecord((LogRecordKind)kind, 7, 12, 3, kind == (int)LogRecordKind.Batch ? new byte[] { 1, 2, 3, 4, 5 } : default);
        var bytes = record.Write(Partition);
        Assert.Equal(record with { Payload = default }, LogRecord.Read(bytes, Partition)!.Value with { Payload = default });
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(LogRecord.Read(bytes, Partition));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
