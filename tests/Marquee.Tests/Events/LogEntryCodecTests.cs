using System.Buffers;
using CsCheck;
using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

public class LogEntryCodecTests
{
    [Fact]
    public void Decode_WhatEncodeWrote_GivesTheSameEntries() =>
        EngagementGenerator.Entries.Array[1, 30].Sample(entries =>
        {
            var decoded = LogEntryCodec.Decode(Encode(entries, appendedAt: 42));
            Assert.Equal(42, decoded.AppendedAt);
            Assert.Equal(entries, decoded.Entries);
        });

    [Fact]
    public void DecodeSome_AnyOfTheEntries_GivesThoseOfDecode() =>
        Gen.Select(EngagementGenerator.Entries.Array[1, 30], Gen.Bool.Array[30]).Sample((entries, chosen) =>
        {
            int[] wanted = [.. Enumerable.Range(0, entries.Length).Where(i => chosen[i])];
            Assert.Equal(wanted.Select(i => entries[i]), LogEntryCodec.DecodeSome(Encode(entries, appendedAt: 42), wanted));
        });

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void DecodeSome_NotRisingOrNoEntry_Throws(params int[] wanted)
    {
        var bytes = Encode([new LogEntry("default", "u", null), new LogEntry("default", "v", null)], appendedAt: 1);
        Assert.Throws<ArgumentException>(() => LogEntryCodec.DecodeSome(bytes, wanted));
    }

    [Fact]
    public void Decode_BytesCutOff_ThrowsInvalidData() =>
        EngagementGenerator.Entries.Array[1, 5].Sample(entries =>
        {
            var bytes = Encode(entries, appendedAt: 1);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => LogEntryCodec.Decode(bytes.AsSpan(0, length)));
            }
        });

    [Fact]
    public void Decode_BytesBehindTheLastEntry_ThrowsInvalidData()
    {
        byte[] bytes = [.. Encode([new LogEntry("default", "u", null)], appendedAt: 1), 0];
        Assert.Throws<InvalidDataException>(() => LogEntryCodec.Decode(bytes));
    }

    [Fact]
    public void Decode_BytesOfTheFirstVersion_StillReads()
    {
        // Written by the first release; must stay readable for ever.
        var bytes = Convert.FromHexString("01C80101030264650175");
        Assert.Equal(bytes, Encode([new LogEntry("de", "u", null)], appendedAt: 100));
        Assert.Equal(new LogEntry("de", "u", null), LogEntryCodec.Decode(bytes).Entries[0]);
    }

    private static byte[] Encode(LogEntry[] entries, long appendedAt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        LogEntryCodec.Encode(entries, appendedAt, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
