using System.Text.Json.Serialization;

namespace Marquee.Client.Titles;

/// <summary>What became of a batch of titles.</summary>
public sealed record TitleBatchOutcome
{
    /// <summary>Titles that are now in the catalogue, new or replaced.</summary>
    public int Accepted { get; init; }

    /// <summary>Titles that were refused, see <see cref="Errors"/>; the others of the batch are kept.</summary>
    public int Rejected { get; init; }

    /// <summary>Why titles were refused.</summary>
    public IReadOnlyList<ItemError> Errors { get; init => field = value ?? []; } = [];

    /// <summary>How many times the batch was sent, from 1.</summary>
    [JsonIgnore]
    public int Attempts { get; init; } = 1;
}
