using Marquee.Cli.Chaos.Faults;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Chaos.Clusters;

/// <summary>One silo of a chaos run, with a way of its own to the store; started again a while after it has ended, as a supervisor does.</summary>
internal sealed class ChaosSilo(int number, Uri url, BackgroundProcess program, IReadOnlyList<FaultProxy> store)
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _restartsAt = long.MaxValue;
    private bool _isRetired;

    /// <summary>From 1.</summary>
    public int Number { get; } = number;

    /// <summary>Where it takes requests.</summary>
    public Uri Url { get; } = url;

    /// <summary>What it prints.</summary>
    public string Log => program.Log;

    /// <summary>Its process, the last one.</summary>
    public ProcessIdentity Process { get; private set; } = program.Start();

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>What is wrong with its way to the store from now on.</summary>
    public void SetStoreFault(LinkFault fault)
    {
        foreach (var proxy in store)
        {
            proxy.Fault = fault;
        }
    }

    /// <summary>kill -9; it is started again after a while.</summary>
    public void Kill(TimeSpan downFor)
    {
        lock (_lock)
        {
            _restartsAt = Environment.TickCount64 + (long)downFor.TotalMilliseconds;
            Process.Send(Signal.Kill);
        }
    }

    /// <summary>Ends it in order, and for good.</summary>
    /// <returns>False when it has not ended after that time.</returns>
    public Task<bool> RetireAsync(TimeSpan longest)
    {
        lock (_lock)
        {
            _isRetired = true;
            Process.Send(Signal.Terminate);
            return Process.WaitUntilGoneAsync(longest);
        }
    }

    /// <summary>Starts it again when that is due.</summary>
    public void Supervise()
    {
        lock (_lock)
        {
            if (_isRetired || Process.IsAlive)
            {
                return;
            }

            if (_restartsAt == long.MaxValue)
            {
                _restartsAt = Environment.TickCount64 + (long)RestartDelay.TotalMilliseconds;
            }
            else if (Environment.TickCount64 >= _restartsAt)
            {
                Process = program.Start();
                (_restartsAt, Restarts) = (long.MaxValue, Restarts + 1);
            }
        }
    }
}
