using System.Buffers.Binary;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Orleans.Storage;

namespace Marquee.Tests.Simulation;

/// <summary>Stored states of grains, one file each, with the product's checksums; compared and swapped by version.</summary>
internal sealed class SimulatedStates(SimulatedDisk disk)
{
    private const int HeaderBytes = 16;

    /// <summary>Never the same again, also for a state that was cleared in between.</summary>
    private long _newestVersion;

    /// <summary>The state with its version; null when there is none.</summary>
    /// <exception cref="StoreDamagedException">The file is not what was written.</exception>
    public static StoredState? Read(SimulatedFile? file, StateKey key)
    {
        if (file is null)
        {
            return null;
        }

        var bytes = file.Content;
        if (bytes.Length >= HeaderBytes)
        {
            var version = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            if (StateTables.Checksum(key, version, bytes[HeaderBytes..]) == BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]))
            {
                return new StoredState(version, bytes[HeaderBytes..].ToArray());
            }
        }

        throw new StoreDamagedException($"state {key}", "a state with its checksum", "other bytes", "Restore from a backup.");
    }

    public static string FileOf(StateKey key) => $"state/{key.StateName}/{key.GrainId}";

    public StoredState? Read(StateKey key) => Read(disk.Find(FileOf(key)), key);

    /// <returns>The new version.</returns>
    /// <exception cref="InconsistentStateException">The writer does not know the newest version.</exception>
    /// <exception cref="StoreUnavailableException">No room, or nobody knows.</exception>
    public long Write(StateKey key, long? version, byte[] payload)
    {
        Expect(key, version);
        var next = ++_newestVersion;
        var bytes = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, next);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), StateTables.Checksum(key, next, payload));
        payload.CopyTo(bytes.AsSpan(HeaderBytes));
        try
        {
            disk.Replace(FileOf(key), bytes);
        }
        catch (IOException exception)
        {
            throw new StoreUnavailableException($"Writing {key} failed.", exception);
        }

        return next;
    }

    /// <inheritdoc cref="Write"/>
    public void Clear(StateKey key, long? version)
    {
        Expect(key, version);
        disk.Delete(FileOf(key));
    }

    private void Expect(StateKey key, long? version)
    {
        var stored = Read(key)?.Version;
        if (stored != version)
        {
            throw new InconsistentStateException($"Another writer changed {key}.", stored?.ToString() ?? "none", version?.ToString() ?? "none");
        }
    }
}
