using System.Collections.Immutable;
using Marquee.Contracts.Events;

namespace Marquee.Gateway.Events;

/// <summary>What became of a batch over all its partitions.</summary>
internal sealed class EventBatchOutcome
{
    private readonly List<string> _positions = [];

    /// <summary>Events written.</summary>
    public int Accepted { get; private set; }

    /// <summary>Events that were known already.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Indices of the items that are durable.</summary>
    public List<int> Written { get; } = [];

    /// <summary>Indices of the items whose title the catalogue does not know and has no room for.</summary>
    public List<int> RefusedTitles { get; } = [];

    /// <summary>Indices of the items that a full queue refused.</summary>
    public List<int> Busy { get; } = [];

    /// <summary>Indices of the items that the store refused.</summary>
    public List<int> Unavailable { get; } = [];

    /// <summary>Indices of the items of which nobody knows.</summary>
    public List<int> Unknown { get; } = [];

    /// <summary>The first reason that a partition gave for not writing.</summary>
    public string? Reason { get; private set; }

    /// <summary>Whether every item is durable.</summary>
    public bool IsComplete => Busy.Count + Unavailable.Count + Unknown.Count == 0;

    /// <summary>Covers everything that is durable: the positions of all touched partitions joined by <c>_</c>; null when nothing is.</summary>
    public string? Position => _positions.Count == 0 ? null : string.Join('_', _positions);

    public void Add(AppendResult result, int[] indices)
    {
        Reason ??= result.Reason;
        if (!result.RefusedTitles.IsDefaultOrEmpty)
        {
            RefusedTitles.AddRange(result.RefusedTitles.Select(i => indices[i]));
            indices = [.. indices.Where((_, i) => result.RefusedTitles.BinarySearch(i) < 0)];
            if (indices.Length == 0)
            {
                return;
            }
        }

        if (result.Outcome == AppendOutcome.Accepted)
        {
            Accepted += result.Accepted;
            Duplicates += result.Duplicates;
            Written.AddRange(indices);
            _positions.Add(result.Position.ToString());
            return;
        }

        var fate = result.Outcome switch
        {
            AppendOutcome.Busy => Busy,
            AppendOutcome.Unavailable => Unavailable,
            _ => Unknown,
        };
        fate.AddRange(indices);
    }
}
