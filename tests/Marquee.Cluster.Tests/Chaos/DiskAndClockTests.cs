using System.Diagnostics;
using System.Globalization;
using Marquee.Cli.Chaos.Faults;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;
using Marquee.Cluster.Tests.Storage;

namespace Marquee.Cluster.Tests.Chaos;

/// <summary>What the chaos run does to a disk and to a clock: on a real file system, and on a process that runs meanwhile.</summary>
public sealed class DiskAndClockTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fill_FileSystem_LeavesNoRoomUntilItIsReleased()
    {
        using var directory = StorageDirectory.CreateSmall(megabytes: 8);
        var file = Path.Combine(directory.Path, "another");
        var ballast = new Ballast(directory.Path);
        ballast.Fill();
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(file, new byte[8 * 1024], Cancelled));
        File.Delete(file);

        ballast.Release();
        await File.WriteAllBytesAsync(file, new byte[6 << 20], Cancelled);
        Assert.Equal([file], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public async Task TryMake_WhereItIsPossible_IsADiskOfItsOwnUntilItIsUnmounted()
    {
        using var directory = StorageDirectory.Create();
        var disk = new StoreDisk(directory.Path);
        if (!await disk.TryMakeAsync())
        {
            Assert.False(disk.IsMounted);
            Assert.Skip("No file system can be mounted here.");
        }

        Assert.True(disk.IsMounted);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Data));
        await disk.UnmountAsync();
        Assert.False(disk.IsMounted);
    }

    [Fact]
    public async Task SetOffset_ProcessThatRuns_ItsWallClockJumpsAndGoesBack()
    {
        using var directory = StorageDirectory.Create();
        var shim = await ClockShim.TryBuildAsync(directory.Path);
        Assert.True(shim is not null, "There is no C compiler on this machine.");
        var clock = Path.Combine(directory.Path, "clock");
        var described = shim.Before(new BackgroundProcess("bash", ["-c", "while read -r _; do printf '%(%s)T\\n'; done"], ""), clock);
        using var process = Process.Start(new ProcessStartInfo(described.Command, described.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        Assert.InRange(await OffAsync(process), -60, 60);
        ClockShim.SetOffset(clock, TimeSpan.FromHours(1));
        Assert.InRange(await OffAsync(process), 3_540, 3_660);
        ClockShim.SetOffset(clock, TimeSpan.FromHours(-1));
        Assert.InRange(await OffAsync(process), -3_660, -3_540);
        ClockShim.SetOffset(clock, TimeSpan.Zero);
        Assert.InRange(await OffAsync(process), -60, 60);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancelled);
    }

    /// <summary>By how many seconds the process's wall clock is off.</summary>
    private static async Task<long> OffAsync(Process process)
    {
        await process.StandardInput.WriteLineAsync();
        await process.StandardInput.FlushAsync(Cancelled);
        return long.Parse((await process.StandardOutput.ReadLineAsync(Cancelled))!, CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    }
}
