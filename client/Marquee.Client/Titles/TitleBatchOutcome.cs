using System.Text.Json.Serialization;

namespace Marquee.Client.Titles;

/// <summary>What became of a batch of titles.</summary>
public sealed record TitleBatchOutcome
{
    /// <summary>Titles that were not there before.</summary>
    public int Created { get; init; }

    /// <summary>Titles that were there, and are now as sent.</summary>
    public int Replaced { get; init; }

    /// <summary>Titles that are now in the catalogue, new or replaced.</summary>
    [JsonIgnore]
    public int Accepted => Created + Replaced;

    /// <summary>Titles that were refused, see <see cref="Errors"/>; the others of the batch are kept.</summary>
    public int Rejected { get; init; }

    /// <summary>Why titles were refused.</summary>
    public IReadOnlyList<ItemError> Errors { get; init => field = value ?? []; } = [];

    /// <summary>The catalogue version that holds the titles.</summary>
    public long Version { get; init; }

    /// <summary>How many times the batch was sent, from 1.</summary>
    [JsonIgnore]
    public int Attempts { get; init; } = 1;
}
