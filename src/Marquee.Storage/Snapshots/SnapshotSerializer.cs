using System.Buffers;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Storage;

namespace Marquee.Storage.Snapshots;

/// <summary>States as the bytes of the runtime's own serializer, the same as its <c>OrleansGrainStorageSerializer</c> gives.</summary>
/// <remarks>
/// That one gathers them in an array that doubles. A partition's state and a share of the catalogue take megabytes, of which
/// two to three times as many were left to the collector, as large objects that only a collection of everything takes.
/// </remarks>
/// <param name="serializer">The serializer.</param>
public sealed class SnapshotSerializer(Serializer serializer) : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(serializer.SerializeToArray(input));

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input) => serializer.Deserialize<T>(input.ToMemory())!;

    /// <summary>The same bytes as <see cref="Serialize"/> gives, in memory that is given back.</summary>
    internal RentedBytes Rent<T>(T? input)
    {
        using var session = serializer.SessionPool.GetSession();
        var writer = Writer.CreatePooled(session);
        try
        {
            serializer.Serialize(input, ref writer);
            var rented = new RentedBytes(ArrayPool<byte>.Shared.Rent(writer.Output.Length), writer.Output.Length);
            writer.Output.CopyTo(rented.Array);
            return rented;
        }
        finally
        {
            writer.Dispose();
        }
    }
}

/// <summary>Bytes in an array that is not this caller's own.</summary>
/// <param name="Array">The array, mostly longer.</param>
/// <param name="Length">How many bytes of it.</param>
internal readonly record struct RentedBytes(byte[] Array, int Length)
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => Array.AsMemory(0, Length);

    /// <summary>Gives the array back. Only when nobody can read it any more, and once; one that is not given back is collected.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(Array);
}
