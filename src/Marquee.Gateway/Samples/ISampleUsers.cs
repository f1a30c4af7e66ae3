using System.Collections.Immutable;

namespace Marquee.Gateway.Samples;

/// <summary>Names users of the sample data whom a newcomer can try the service as.</summary>
public interface ISampleUsers
{
    /// <summary>The users; empty when no sample is loaded.</summary>
    ValueTask<ImmutableArray<SampleUser>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A user of the sample data.</summary>
/// <param name="UserId">The id.</param>
/// <param name="Events">How many events the sample has of the user.</param>
/// <param name="FavouriteGenres">Genres that the user liked best, best first.</param>
public sealed record SampleUser(string UserId, int Events, ImmutableArray<string> FavouriteGenres);

/// <summary>No sample.</summary>
internal sealed class NoSampleUsers : ISampleUsers
{
    public ValueTask<ImmutableArray<SampleUser>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult(ImmutableArray<SampleUser>.Empty);
}
