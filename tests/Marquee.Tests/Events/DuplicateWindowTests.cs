using System.Buffers;
using CsCheck;
using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

public class DuplicateWindowTests
{
    [Fact]
    public void Contains_AnySequenceOfAdds_AgreesWithAListThatForgets() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 30]).Array[1, 400].Sample(steps =>
        {
            var window = new DuplicateWindow(capacity: 24, age: TimeSpan.FromSeconds(200));
            var judge = new List<(UInt128 Hash, long Seconds)>();
            long seconds = 1_000;
            foreach (var (id, pause) in steps)
            {
                seconds += pause;
                var hash = DuplicateWindow.HashOf("default", "u", id.ToString());
                Assert.Equal(judge.Any(known => known.Hash == hash), window.Contains(hash));
                if (window.Contains(hash))
                {
                    continue;
                }

                judge.RemoveAll(known => seconds - known.Seconds > 200);
                if (judge.Count == 24)
                {
                    judge.RemoveAt(0);
                }

                judge.Add((hash, seconds));
                window.Add(hash, seconds * 1000);
                Assert.Equal(judge.Count, window.Count);
            }
        });

    [Fact]
    public void Read_WhatWriteWrote_RemembersTheSame()
    {
        var window = new DuplicateWindow(capacity: 1_000, age: TimeSpan.FromDays(1));
        for (var i = 0; i < 1_500; i++)
        {
            window.Add(DuplicateWindow.HashOf("t", "u", $"e{i}"), i * 1000L);
        }

        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BinaryFormatWriter(buffer);
        window.Write(ref writer);
        var copy = new DuplicateWindow(capacity: 1_000, age: TimeSpan.FromDays(1));
        var reader = new BinaryFormatReader(buffer.WrittenSpan);
        copy.Read(ref reader);
        Assert.Equal(1_000, copy.Count);
        Assert.All(Enumerable.Range(500, 1_000), i => Assert.True(copy.Contains(DuplicateWindow.HashOf("t", "u", $"e{i}"))));
        Assert.All(Enumerable.Range(0, 500), i => Assert.False(copy.Contains(DuplicateWindow.HashOf("t", "u", $"e{i}"))));
    }

    /// <remarks>The clock that stamps the appends is another one after each take-over; a copy that forgets more than its original lets an event in twice.</remarks>
    [Fact]
    public void Read_AClockThatWentBack_RemembersTheSame()
    {
        var window = new DuplicateWindow(capacity: 16, age: TimeSpan.FromSeconds(100));
        long[] seconds = [1_000, 900, 1_100, .. Enumerable.Repeat(1_000L, 14)];
        for (var i = 0; i < seconds.Length; i++)
        {
            window.Add(DuplicateWindow.HashOf("t", "u", $"e{i}"), seconds[i] * 1000);
        }

        var (buffer, again) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var writer = new BinaryFormatWriter(buffer);
        window.Write(ref writer);
        var copy = new DuplicateWindow(capacity: 16, age: TimeSpan.FromSeconds(100));
        var reader = new BinaryFormatReader(buffer.WrittenSpan);
        copy.Read(ref reader);
        Assert.True(window.Contains(DuplicateWindow.HashOf("t", "u", "e1")));
        Assert.True(copy.Contains(DuplicateWindow.HashOf("t", "u", "e1")));
        writer = new BinaryFormatWriter(again);
        copy.Write(ref writer);
        Assert.Equal(buffer.WrittenSpan.ToArray(), again.WrittenSpan.ToArray());
    }

    [Fact]
    public void HashOf_PartsThatRunTogether_Differ() =>
        Assert.NotEqual(DuplicateWindow.HashOf("a", "bc", "d"), DuplicateWindow.HashOf("a", "b", "cd"));
}
