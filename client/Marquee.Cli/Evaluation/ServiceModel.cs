using Marquee.Cli.DataSets;
using Marquee.Client;
using Marquee.Client.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Cli.Evaluation;

/// <summary>A running node under the prequential protocol: events are sent to it and slates are asked of it, as any client does.</summary>
/// <remarks>
/// Each ranking asks for a slate that covers all events of its viewer so far; titles follow at the node's own pace, which is
/// part of what is measured. The node must be empty: one that has the events already would know what comes next.
/// </remarks>
internal sealed class ServiceModel : IPrequentialModel
{
    private const int EventsPerCall = 500;
    private const int TitlesPerCall = 500;
    private const int DegradedAttempts = 20;

    private readonly MarqueeClient _client;
    private readonly CancellationToken _cancellation;
    private readonly List<Client.Events.EngagementEvent> _waiting = [];
    private readonly Dictionary<string, string> _positions = new(StringComparer.Ordinal);

    private ServiceModel(MarqueeClient client, CancellationToken cancellation) => (_client, _cancellation) = (client, cancellation);

    /// <inheritdoc/>
    public string Name => "Marquee over HTTP";

    /// <summary>Gives a node the catalogue of a data set.</summary>
    /// <exception cref="CommandFailure">The node is not empty.</exception>
    public static async Task<ServiceModel> CreateAsync(MarqueeClient client, InteractionDataSet data, CancellationToken cancellation)
    {
        var status = await client.GetStatusAsync(cancellation);
        if (status.Catalogue.Titles > 0 || status.Partitions.Any(static partition => partition.Offset > 0))
        {
            throw new CommandFailure(
                "The node has titles or events already.",
                "Evaluate on a fresh one: dotnet run --project silo -- --Marquee:Sample=none --Marquee:Data=NEW-FOLDER");
        }

        foreach (var titles in data.Titles.Chunk(TitlesPerCall))
        {
            await client.UpsertTitlesAsync([.. titles.Select(EngineMapping.ToClient)], cancellation);
        }

        return new ServiceModel(client, cancellation);
    }

    /// <inheritdoc/>
    public int Rank(in Interaction next) => RankAsync(next).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Learn(in Interaction interaction)
    {
        _waiting.Add(EngineMapping.ToClient(interaction.Event));
        if (_waiting.Count == EventsPerCall)
        {
            SendAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>Nothing: a node trains by its own clock.</summary>
    public void Retrain(ReadOnlyMemory<Interaction> past)
    {
    }

    private async Task<int> RankAsync(Interaction next)
    {
        await SendAsync();
        var query = new SlateQuery
        {
            Surface = "top-picks",
            Count = IPrequentialModel.DeepestRank,
            Country = next.Event.Country,
            After = _positions.GetValueOrDefault(next.Event.UserId),
            Explore = false,
        };
        var slate = await _client.GetRecommendationsAsync(next.Event.UserId, query, _cancellation);
        for (var attempt = 1; slate.Degraded && attempt < DegradedAttempts; attempt++)
        {
            slate = await _client.GetRecommendationsAsync(next.Event.UserId, query, _cancellation);
        }

        var place = slate.Items.Select(static item => item.TitleId).ToList().IndexOf(next.Event.TitleId);
        return place < 0 ? int.MaxValue : place + 1;
    }

    private async Task SendAsync()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var outcome = await _client.SendEventsAsync(_waiting, _cancellation);
        if (outcome.Rejected > 0)
        {
            throw new CommandFailure($"The node refused {outcome.Rejected} events: {outcome.Errors[0].Message}", "Check the data set.");
        }

        foreach (var engagement in _waiting)
        {
            // One position covers all events of a call.
            _positions[engagement.UserId] = outcome.Position!;
        }

        _waiting.Clear();
    }
}
