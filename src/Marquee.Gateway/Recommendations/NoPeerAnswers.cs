using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;

namespace Marquee.Gateway.Recommendations;

/// <summary>For a node that is alone.</summary>
internal sealed class NoPeerAnswers : IPeerAnswers
{
    public Task<Slate?> FindAsync(string userId, SlateRequest request) => Task.FromResult<Slate?>(null);

    public Task<Home?> FindAsync(string userId, HomeRequest request) => Task.FromResult<Home?>(null);

    public Task ForgetAsync(string userId, LogPosition erasure, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> TakesPartAsync() => Task.FromResult(true);
}
