using System.ComponentModel;
using System.Reflection;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Chaos.Faults;

/// <summary>Lets the wall clock of processes jump while they run: a small library that is put before the C library's, and compiled here.</summary>
internal sealed class ClockShim
{
    private const string Source = "clock-shim.c";

    private static readonly string[] Compilers = ["cc", "gcc", "tcc"];

    private readonly string _library;

    private ClockShim(string library) => _library = library;

    /// <summary>Compiles it.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <returns>Null where there is no compiler, or where the folder's name holds what separates libraries.</returns>
    public static async Task<ClockShim?> TryBuildAsync(string folder)
    {
        var (source, library) = (Path.Combine(folder, Source), Path.Combine(folder, "clock-shim.so"));
        if (library.AsSpan().ContainsAny(' ', ':'))
        {
            return null;
        }

        using (var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Source)!)
        using (var file = File.Create(source))
        {
            await resource.CopyToAsync(file);
        }

        foreach (var compiler in Compilers)
        {
            try
            {
                await ServerCommand.RunAsync(compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl");
                return new ClockShim(library);
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or OperationCanceledException)
            {
                // Another one may be there, and have the C library's headers.
            }
        }

        return null;
    }

    /// <summary>The process, with a wall clock that <see cref="SetOffset"/> moves.</summary>
    /// <param name="process">The process.</param>
    /// <param name="clock">The file that says by how much; made here, for no difference.</param>
    public BackgroundProcess Before(BackgroundProcess process, string clock)
    {
        SetOffset(clock, TimeSpan.Zero);

        // Not by the environment of all that starts it: the shell and others keep the machine's clock.
        return process with { Command = "env", Arguments = [$"LD_PRELOAD={_library}", $"MARQUEE_CLOCK={clock}", process.Command, .. process.Arguments] };
    }

    /// <summary>From now on the wall clock of the processes that read this file is off by so many whole seconds.</summary>
    public static void SetOffset(string clock, TimeSpan offset)
    {
        // In place: the processes have the file in their memory.
        using var file = new FileStream(clock, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes((long)offset.TotalSeconds));
    }
}
