using System.Globalization;
using System.Text.Json.Serialization;

namespace Marquee.Cli.Clusters.Processes;

/// <summary>One process and no other: its number alone is given again after it has ended.</summary>
/// <param name="Id">The process's number.</param>
/// <param name="StartTicks">When it started, in the kernel's ticks since the machine booted.</param>
/// <param name="Boot">The machine's boot; numbers and ticks begin anew with the next one.</param>
internal sealed record ProcessIdentity(int Id, long StartTicks, string Boot)
{
    private static readonly string ThisBoot = File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    /// <summary>What the process does now; <see cref="ProcessState.Gone"/> also when its number belongs to another by now.</summary>
    [JsonIgnore]
    public ProcessState State => Boot == ThisBoot && Read(Id) is { } now && now.StartTicks == StartTicks ? now.State : ProcessState.Gone;

    /// <summary>Whether it runs or is paused.</summary>
    [JsonIgnore]
    public bool IsAlive => State != ProcessState.Gone;

    /// <summary>The identity of a process that runs now; null when none with this number does.</summary>
    public static ProcessIdentity? Of(int id) => Read(id) is { } now ? new ProcessIdentity(id, now.StartTicks, ThisBoot) : null;

    /// <summary>Sends it a signal, and nobody else.</summary>
    /// <returns>False when it has ended.</returns>
    public bool Send(Signal signal) => IsAlive && NativeSignals.Send(Id, signal);

    /// <summary>Waits until it has ended.</summary>
    /// <returns>False when it still lives after that time.</returns>
    public async Task<bool> WaitUntilGoneAsync(TimeSpan longest)
    {
        var deadline = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        while (IsAlive)
        {
            if (Environment.TickCount64 > deadline)
            {
                return false;
            }

            await Task.Delay(20);
        }

        return true;
    }

    private static (ProcessState State, long StartTicks)? Read(int id)
    {
        try
        {
            // The name, in parentheses, may hold anything: fields are counted from behind it; the state is the third, the start the 22nd.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var state = fields[0] switch { "Z" or "X" or "x" => ProcessState.Gone, "T" or "t" => ProcessState.Paused, _ => ProcessState.Running };
            return (state, long.Parse(fields[22 - 3], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>What a process does.</summary>
internal enum ProcessState
{
    /// <summary>It has ended.</summary>
    Gone,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is stopped by SIGSTOP.</summary>
    Paused,
}
