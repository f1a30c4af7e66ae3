namespace Marquee.Tests.Simulation;

/// <summary>A disk that loses what was not synced, tears, fails, flips bits and fills up.</summary>
internal sealed class SimulatedDisk(Faults faults, FaultRates rates, Trace trace)
{
    private readonly SortedDictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);
    private readonly Random _chance = faults.ChanceOf("disk");

    /// <summary>While this holds, nothing that takes room can be written.</summary>
    public bool IsFull { get; set; }

    public IReadOnlyCollection<SimulatedFile> Files => _files.Values;

    public SimulatedFile? Find(string name) => _files.GetValueOrDefault(name);

    public SimulatedFile Open(string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            _files.Add(name, file = new SimulatedFile(name, this));
        }

        return file;
    }

    public void Delete(string name) => _files.Remove(name);

    /// <summary>Puts content in a file's place atomically and durably.</summary>
    /// <exception cref="DiskFullException">No room; nothing was changed.</exception>
    /// <exception cref="IOException">It failed; nobody knows whether the rename happened.</exception>
    public void Replace(string name, ReadOnlySpan<byte> content, bool takesRoom = true)
    {
        if (takesRoom && Admit(content.Length, out var failure) < content.Length)
        {
            throw failure!;
        }

        MayDie();
        var fails = SyncFails();
        if (!fails || _chance.Next(2) == 0)
        {
            Open(name).Replace(content);
        }

        MayDie();

        if (fails)
        {
            throw new IOException($"replacing {name} failed");
        }
    }

    /// <summary>The power is gone.</summary>
    public void LosePower()
    {
        trace.Note("the disk loses power");
        foreach (var file in _files.Values)
        {
            file.LoseUnsynced();
        }
    }

    /// <summary>How much of a write is taken, and why not all of it.</summary>
    public int Admit(int bytes, out IOException? failure)
    {
        failure = null;
        if (IsFull)
        {
            faults.Count("write without room");
            failure = new DiskFullException();
        }
        else if (faults.Happens(_chance, rates.Write, "write failed"))
        {
            failure = new IOException("a write failed");
        }

        return failure is null ? bytes : _chance.Next(bytes);
    }

    /// <summary>A place between two steps at which the process that writes may die.</summary>
    /// <exception cref="StoreDiedException">It does.</exception>
    public void MayDie()
    {
        if (faults.Happens(_chance, rates.StoreDies, "store died in a write"))
        {
            throw new StoreDiedException();
        }
    }

    public bool SyncFails() => faults.Happens(_chance, rates.Sync, "sync failed");

    public UnsyncedFate FateOfUnsynced()
    {
        var fate = (UnsyncedFate)_chance.Next(3);
        if (fate != UnsyncedFate.Kept)
        {
            faults.Count(fate == UnsyncedFate.Lost ? "unsynced write lost" : "unsynced write torn");
        }

        return fate;
    }

    public bool SectorSurvives() => _chance.Next(2) == 0;
}

/// <summary>What becomes of an unsynced write when the power goes.</summary>
internal enum UnsyncedFate
{
    Lost,
    Torn,
    Kept,
}

/// <summary>The process that writes is gone.</summary>
internal sealed class StoreDiedException : Exception;

/// <summary>No room on the disk.</summary>
internal sealed class DiskFullException() : IOException("no room on the disk");
