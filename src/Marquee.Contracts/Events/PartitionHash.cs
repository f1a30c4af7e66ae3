using System.IO.Hashing;
using System.Text;

namespace Marquee.Contracts.Events;

/// <summary>Says which partition of the event log holds a user: XxHash3 of the UTF-8 text <c>tenant/user</c>, modulo the number of partitions.</summary>
/// <remarks>Gateways and grains must agree, and the log is written by it: this function never changes.</remarks>
public static class PartitionHash
{
    private const int StackBytes = 512;

    /// <summary>The partition of a user, 0 to <paramref name="partitionCount"/> − 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="partitionCount"/> is below 1.</exception>
    public static int Of(string tenant, string userId, int partitionCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitionCount, 1);
        var length = Encoding.UTF8.GetMaxByteCount(tenant.Length + 1 + userId.Length);
        var key = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        var written = Encoding.UTF8.GetBytes(tenant, key);
        key[written++] = (byte)'/';
        written += Encoding.UTF8.GetBytes(userId, key[written..]);
        return (int)(XxHash3.HashToUInt64(key[..written]) % (ulong)partitionCount);
    }
}
