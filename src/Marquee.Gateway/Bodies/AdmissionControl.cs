using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Bodies;

/// <summary>Bounds the writes that are in work and the bytes they hold, so that overload is an answer and not a queue.</summary>
internal sealed class AdmissionControl(IOptions<GatewayOptions> options)
{
    private readonly int _requestsMax = options.Value.ConcurrentRequestsMax;
    private readonly int _writesMax = options.Value.ConcurrentWritesMax;
    private readonly long _bytesMax = options.Value.BodyBytesMax;
    private int _requests;
    private int _writes;
    private long _bytes;

    /// <summary>Lets a request begin; false when too many are being answered.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _requests) <= _requestsMax)
        {
            return true;
        }

        Interlocked.Decrement(ref _requests);
        return false;
    }

    /// <summary>Ends a request that was let in.</summary>
    public void End() => Interlocked.Decrement(ref _requests);

    /// <summary>Lets a write begin; false when too many are in work.</summary>
    public bool TryBeginWrite()
    {
        if (Interlocked.Increment(ref _writes) <= _writesMax)
        {
            return true;
        }

        Interlocked.Decrement(ref _writes);
        return false;
    }

    /// <summary>Ends a write that was let in.</summary>
    public void EndWrite() => Interlocked.Decrement(ref _writes);

    /// <summary>Lends room for a body; false when too much is lent.</summary>
    public bool TryLendBytes(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= _bytesMax)
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>Takes room back.</summary>
    public void ReturnBytes(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}
