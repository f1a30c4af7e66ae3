using Orleans.Serialization;
using Orleans.Storage;

namespace Marquee.Storage.Snapshots;

/// <summary>States as the bytes of the runtime's own serializer, the same as its <c>OrleansGrainStorageSerializer</c> gives.</summary>
/// <remarks>That one gathers them in an array that doubles: a partition's megabytes left three times as many to the collector.</remarks>
/// <param name="serializer">The serializer.</param>
internal sealed class SnapshotSerializer(Serializer serializer) : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(serializer.SerializeToArray(input));

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input) => serializer.Deserialize<T>(input.ToMemory())!;
}
