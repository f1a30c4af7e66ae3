namespace Marquee.Storage.Snapshots;

/// <summary>Reads all stored snapshots of one kind, for training and maintenance.</summary>
public interface ISnapshotReader
{
    /// <summary>Reads every stored state of one name, in the order of the grain ids.</summary>
    /// <param name="stateName">The state's name.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>Grain ids with serialized states. Each state is one that was stored at some time during the enumeration.</returns>
    /// <exception cref="Events.StoreDamagedException">A stored state fails its checksum.</exception>
    IAsyncEnumerable<(string GrainId, ReadOnlyMemory<byte> Payload)> ReadAllAsync(string stateName, CancellationToken cancellationToken = default);
}
