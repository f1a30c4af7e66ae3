using System.Diagnostics;
using System.Threading.Channels;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Storage;

/// <summary>A storage worker in a process of its own, and what it said was acknowledged.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringWriter _errors = new();

    /// <param name="directory">The data directory.</param>
    /// <param name="wrapper">A command that starts the worker, for example <c>strace …</c>; empty to start it directly.</param>
    public WorkerProcess(string directory, params string[] wrapper)
    {
        string[] command = [.. wrapper, "dotnet", Repository.StorageWorkerAssembly, "append", directory];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _lines.Writer.TryComplete();
            }
            else
            {
                _lines.Writer.TryWrite(line.Data);
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.WriteLine(line.Data);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Reads what the worker says until <paramref name="isEnough"/>.</summary>
    public async Task ReadAsync(AcknowledgedWrites acknowledged, Func<string, bool> isEnough, CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            acknowledged.Note(line);
            if (isEnough(line))
            {
                return;
            }
        }

        lock (_errors)
        {
            Assert.Fail($"The worker ended by itself: {_errors}");
        }
    }

    /// <summary>Kills the worker with SIGKILL and reads what it had said until then.</summary>
    public async Task KillAsync(AcknowledgedWrites acknowledged, CancellationToken cancellationToken)
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(cancellationToken);
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            acknowledged.Note(line);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
