using System.Net.Sockets;
using Marquee.Storage;
using Marquee.Storage.Events;

namespace Marquee.Silo;

/// <summary>Says in a sentence why the node did not start, for the reasons that an operator can do something about.</summary>
public static class StartFailure
{
    /// <summary>The sentence, or null when the failure is nobody's fault but ours.</summary>
    public static string? Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case StoreDamagedException or StoreUnavailableException or StoreMismatchException:
                    return $"The node cannot start. {cause.Message}";
                case SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return $"The node cannot start: {exception.Message} Stop what listens there, or choose another address with --urls http://127.0.0.1:PORT.";
                case AggregateException { InnerExceptions: { Count: > 0 } all }:
                    return all.Select(Explain).FirstOrDefault(explanation => explanation is not null);
            }
        }

        return null;
    }
}
