using System.Text.Json;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>Records a history as it happens: one JSON document per line, and in memory for the check. Thread-safe.</summary>
internal sealed class HistoryFile : IDisposable
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer;
    private readonly List<HistoryRecord> _records = [];
    private readonly long _began;
    private long _lastCall;

    public HistoryFile(string path, TimeProvider time)
    {
        (Path, Time, _began) = (path, time, time.GetTimestamp());
        _writer = new StreamWriter(path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The clock of the run.</summary>
    public TimeProvider Time { get; }

    /// <summary>Milliseconds since the run began.</summary>
    public double Now => Math.Round(Time.GetElapsedTime(_began).TotalMilliseconds, 3);

    /// <summary>Everything recorded so far, in order.</summary>
    public IReadOnlyList<HistoryRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>The number of a new call.</summary>
    public long NextCall() => Interlocked.Increment(ref _lastCall);

    /// <summary>Adds a line; its time is now, whatever it says.</summary>
    public HistoryRecord Add(HistoryRecord record)
    {
        lock (_lock)
        {
            record = record with { At = Now };
            _records.Add(record);
            _writer.WriteLine(JsonSerializer.Serialize(record, CliJson.Default.HistoryRecord));
            return record;
        }
    }

    /// <summary>Reads a recorded history.</summary>
    public static IReadOnlyList<HistoryRecord> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailure($"There is no recorded history {path}.", "A run says where it has put its own.");
        }

        try
        {
            return [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize(line, CliJson.Default.HistoryRecord)!)];
        }
        catch (JsonException exception)
        {
            throw new CommandFailure($"{path} is not a recorded history: {exception.Message}", "A run says where it has put its own.");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer.Dispose();
        }
    }
}
