using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Grains.Models;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>Finds a model worse when its name says so, and remembers what it was asked.</summary>
internal sealed class FakeJudge : IModelJudge
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<(string Candidate, string Current)> Asked { get; } = [];

    /// <summary>Awaited before each verdict.</summary>
    public Task Delay { get; set; } = Task.CompletedTask;

    /// <summary>Done when the first comparison has begun.</summary>
    public Task Begun => _begun.Task;

    public async Task<ModelTrialFigures?> Compare(PublishedModel candidate, PublishedModel current, CancellationToken cancellationToken)
    {
        Asked.Add((candidate.Version, current.Version));
        _begun.TrySetResult();
        await Delay;
        return candidate.Version switch
        {
            var version when version.StartsWith("unknown", StringComparison.Ordinal) => null,
            var version when version.StartsWith("broken", StringComparison.Ordinal) => throw new IOException("The history cannot be read."),
            var version => new ModelTrialFigures(100, 0.2, version.StartsWith("worse", StringComparison.Ordinal) ? 0.05 : 0.11, current.Version, 0.19, 0.1, 0.01, false),
        };
    }
}
