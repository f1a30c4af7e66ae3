using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;

namespace Marquee.Grains.Operations;

/// <summary>Asks all other silos at once; the first that has something answers.</summary>
internal sealed class PeerAnswers(PeerServiceClient client, PeerErasures erasures, MemberStanding standing, IClusterMembershipService membership, ILocalSiloDetails silo, TimeProvider time) : IPeerAnswers
{
    /// <summary>Who asks has waited for the viewer's grain already.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(300);

    public Task<Slate?> FindAsync(string userId, SlateRequest request) => FirstOf(peer => client.FindKeptSlate(peer, userId, request));

    public Task<Home?> FindAsync(string userId, HomeRequest request) => FirstOf(peer => client.FindKeptHome(peer, userId, request));

    public Task ForgetAsync(string userId, LogPosition erasure, CancellationToken cancellationToken) =>
        erasures.Tell(peer => client.ForgetKept(peer, userId, erasure), cancellationToken);

    public Task<bool> TakesPartAsync() => standing.IsConfirmed();

    private async Task<T?> FirstOf<T>(Func<SiloAddress, Task<T?>> ask)
        where T : class
    {
        var asked = membership.CurrentSnapshot.ActiveBut(silo.SiloAddress).Select(peer => TryAsk(ask, peer)).ToList();
        while (asked.Count > 0)
        {
            var answered = await Task.WhenAny(asked);
            asked.Remove(answered);
            if (await answered is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private async Task<T?> TryAsk<T>(Func<SiloAddress, Task<T?>> ask, SiloAddress peer)
        where T : class
    {
        try
        {
            return await ask(peer).WaitAsync(Timeout, time);
        }
        catch (Exception)
        {
            // It is itself the one that does not answer, or of a version that does not know the question.
            return null;
        }
    }
}
