namespace Marquee.Tests.Simulation;

/// <summary>A file: what is on the disk for certain, and what was written since the last sync.</summary>
internal sealed class SimulatedFile(string name, SimulatedDisk disk)
{
    private const int SectorBytes = 512;

    private readonly List<(int At, byte[] Bytes)> _unsynced = [];
    private readonly HashSet<int> _flipped = [];
    private byte[] _synced = [];
    private int _syncedLength;
    private byte[] _content = [];

    public string Name { get; } = name;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Content => _content.AsSpan(0, Length);

    /// <summary>Writes at the end, unsynced.</summary>
    /// <exception cref="DiskFullException">No room; a part may have been written.</exception>
    /// <exception cref="IOException">The write failed; a part may have been written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var possible = disk.Admit(bytes.Length, out var failure);
        if (possible > 0)
        {
            _unsynced.Add((Length, bytes[..possible].ToArray()));
            Put(Length, bytes[..possible]);
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Cuts the file; durable at once, as the sync that follows a repair makes it.</summary>
    public void Cut(int length)
    {
        _flipped.RemoveWhere(place => place >= length);
        Length = length;
        Settle(changedFrom: 0);
    }

    /// <summary>Makes everything durable.</summary>
    /// <exception cref="IOException">The sync failed: the kernel has dropped an unknown part of what was written, and calls the rest clean.</exception>
    public void Sync()
    {
        if (disk.SyncFails())
        {
            LoseUnsynced();
            throw new IOException($"fsync of {Name} failed");
        }

        Settle(changedFrom: _syncedLength);
    }

    /// <summary>Puts other content in the file's place, atomically and durably: written beside it, synced, renamed, the directory synced.</summary>
    public void Replace(ReadOnlySpan<byte> content)
    {
        _flipped.Clear();
        Length = 0;
        Put(0, content);
        Length = content.Length;
        Settle(changedFrom: 0);
    }

    /// <summary>The power is gone: each unsynced write is there, or not, or some of its sectors are.</summary>
    public void LoseUnsynced()
    {
        if (_unsynced.Count == 0)
        {
            return;
        }

        var survived = _synced.Take(_syncedLength).ToList();
        foreach (var (at, bytes) in _unsynced)
        {
            var fate = disk.FateOfUnsynced();
            for (var i = 0; i < bytes.Length && fate != UnsyncedFate.Lost; i++)
            {
                var sectorBegins = i == 0 || (at + i) % SectorBytes == 0;
                if (sectorBegins && fate == UnsyncedFate.Torn && !disk.SectorSurvives())
                {
                    // Skips to the next sector; the length may have been written all the same, and then zeros lie here.
                    i += SectorBytes - ((at + i) % SectorBytes) - 1;
                    continue;
                }

                while (survived.Count <= at + i)
                {
                    survived.Add(0);
                }

                survived[at + i] = bytes[i];
            }
        }

        _flipped.RemoveWhere(place => place >= _syncedLength);
        _content = [.. survived];
        Length = _content.Length;
        Settle(changedFrom: 0);
    }

    /// <summary>Whether a byte is not what was written.</summary>
    public bool IsFlipped(int place) => _flipped.Contains(place);

    /// <summary>Changes one bit, on the disk and in every cache; a second time changes it back.</summary>
    public void Flip(int place, byte mask)
    {
        if (!_flipped.Remove(place))
        {
            _flipped.Add(place);
        }

        _content[place] ^= mask;
        if (place < _syncedLength)
        {
            _synced[place] ^= mask;
        }
    }

    private void Put(int at, ReadOnlySpan<byte> bytes)
    {
        if (_content.Length < at + bytes.Length)
        {
            Array.Resize(ref _content, Math.Max(at + bytes.Length, _content.Length * 2));
        }

        bytes.CopyTo(_content.AsSpan(at));
        Length = Math.Max(Length, at + bytes.Length);
    }

    /// <summary>What the file holds is on the disk.</summary>
    /// <param name="changedFrom">Nothing before it changed: files are only appended to, or made anew.</param>
    private void Settle(int changedFrom)
    {
        if (_synced.Length < Length)
        {
            Array.Resize(ref _synced, Math.Max(Length, _synced.Length * 2));
        }

        Content[changedFrom..].CopyTo(_synced.AsSpan(changedFrom));
        _syncedLength = Length;
        _unsynced.Clear();
    }
}
