using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Page;

/// <summary>The tests of the page, one after the other: most share a node with the sample, and browsers share a processor badly.</summary>
[CollectionDefinition]
public sealed class SampleNodeTests : ICollectionFixture<SampleNode>;

/// <summary>A node with the sample loaded and a browser, shared by the tests that do not kill it.</summary>
public sealed class SampleNode : IAsyncLifetime
{
    private Browser? _browser;
    private int _guests;

    /// <summary>The node.</summary>
    public NodeProcess Node { get; } = new(["--Marquee:Sample=movietweetings", "--Marquee:Training=false"]);

    /// <summary>The browser.</summary>
    public Browser Browser => _browser ?? throw new InvalidOperationException("The browser has not started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // Loading the sample is most of a minute's work for a busy machine.
        await Node.Start(TimeSpan.FromMinutes(5));
        _browser = await Browser.StartAsync();
    }

    /// <summary>The id of somebody whom the engine has never met.</summary>
    public string NewGuest() => $"test-guest-{Interlocked.Increment(ref _guests)}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        await Node.DisposeAsync();
    }
}
