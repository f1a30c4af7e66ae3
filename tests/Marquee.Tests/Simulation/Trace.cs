using System.IO.Hashing;
using System.Text;

namespace Marquee.Tests.Simulation;

/// <summary>What happened in a world, in order: a hash of all of it, and the newest lines to read.</summary>
internal sealed class Trace(EventLoop loop)
{
    /// <summary>Names a file that gets every line.</summary>
    public const string FileVariable = "MARQUEE_SIMULATION_TRACE";

    private const int LinesKept = 40;

    private static readonly string? FilePath = Environment.GetEnvironmentVariable(FileVariable);

    private readonly XxHash3 _hash = new();
    private readonly Queue<string> _newest = new();

    public long Lines { get; private set; }

    /// <summary>The same for two runs in which the same happened.</summary>
    public ulong Hash => _hash.GetCurrentHashAsUInt64();

    public IReadOnlyCollection<string> Newest => _newest;

    public void Note(string line)
    {
        line = $"{loop.Now.TotalMilliseconds:F3} {line}";
        if (FilePath is not null)
        {
            File.AppendAllText(FilePath, line + Environment.NewLine);
        }

        _hash.Append(Encoding.UTF8.GetBytes(line));
        _newest.Enqueue(line);
        Lines++;
        if (_newest.Count > LinesKept)
        {
            _newest.Dequeue();
        }
    }
}
