using System.Buffers;
using BenchmarkDotNet.Attributes;
using Marquee.Engine.Events;

namespace Marquee.Benchmarks.Micro;

/// <summary>A batch of 100 events encoded for the log.</summary>
public class LogEncodePair
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private LogEntry[] _entries = [];

    [GlobalSetup]
    public void Setup()
    {
        _entries = EventBatch.Entries();
        Engine();
        Agreement.Same(Plain(), _buffer.WrittenSpan.ToArray(), "an encoded batch");
    }

    [Benchmark(Baseline = true)]
    public byte[] Plain() => PlainLogFormat.Encode(_entries, GeneratedWorld.Now);

    [Benchmark]
    public int Engine()
    {
        _buffer.ResetWrittenCount();
        LogEntryCodec.Encode(_entries, GeneratedWorld.Now, _buffer);
        return _buffer.WrittenCount;
    }
}

/// <summary>A batch of 100 events decoded from the log.</summary>
public class LogDecodePair
{
    private byte[] _payload = [];

    [GlobalSetup]
    public void Setup()
    {
        _payload = PlainLogFormat.Encode(EventBatch.Entries(), GeneratedWorld.Now);
        Agreement.Same(EventBatch.Entries(), LogEntryCodec.Decode(_payload).Entries, "a decoded batch");
        Agreement.Same(EventBatch.Entries(), PlainLogFormat.Decode(_payload), "a plainly decoded batch");
    }

    [Benchmark(Baseline = true)]
    public int Plain() => PlainLogFormat.Decode(_payload).Count;

    [Benchmark]
    public int Engine() => LogEntryCodec.Decode(_payload).Entries.Count;
}
