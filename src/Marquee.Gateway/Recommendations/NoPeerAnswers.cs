using Marquee.Contracts.Recommendations;

namespace Marquee.Gateway.Recommendations;

/// <summary>For a node that is alone.</summary>
internal sealed class NoPeerAnswers : IPeerAnswers
{
    public Task<Slate?> FindAsync(string userId, SlateRequest request) => Task.FromResult<Slate?>(null);

    public Task<Home?> FindAsync(string userId, HomeRequest request) => Task.FromResult<Home?>(null);
}
