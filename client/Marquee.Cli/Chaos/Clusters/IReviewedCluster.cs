namespace Marquee.Cli.Chaos.Clusters;

/// <summary>A cluster as it is reviewed in the end: silo by silo.</summary>
internal interface IReviewedCluster
{
    /// <summary>The numbers of its silos.</summary>
    IReadOnlyList<int> Silos { get; }

    /// <summary>Speaks to one silo, past the front door. The caller disposes of it.</summary>
    HttpClient OpenSilo(int number);

    /// <summary>Ends a silo in order and for good; it stores what its partitions hold before.</summary>
    /// <returns>What went wrong; null when it has ended.</returns>
    Task<string?> RetireAsync(int number);
}
