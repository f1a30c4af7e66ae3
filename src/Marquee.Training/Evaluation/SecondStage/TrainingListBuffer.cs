namespace Marquee.Training.Evaluation.SecondStage;

/// <summary>The newest lists, each thinned out: the chosen candidate, the best of the others, and some of the rest by chance.</summary>
/// <param name="capacity">How many lists are kept.</param>
/// <param name="best">How many of the best others each keeps.</param>
/// <param name="rest">How many of the rest.</param>
internal sealed class TrainingListBuffer(int capacity, int best, int rest)
{
    private readonly Queue<TrainingList> _lists = new(capacity);
    private readonly Random _random = new(1);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<TrainingList> Lists => [.. _lists];

    /// <summary>Adds a list.</summary>
    /// <param name="features">float32[n, <see cref="ListFeatures.Count"/>], best first by the engine's score.</param>
    /// <param name="target">The index of the chosen candidate.</param>
    public void Add(ReadOnlySpan<float> features, int target)
    {
        var count = features.Length / ListFeatures.Count;
        var kept = new List<int> { target };
        for (var i = 0; i < Math.Min(best, count); i++)
        {
            Keep(i);
        }

        for (var i = 0; i < rest && best < count; i++)
        {
            Keep(_random.Next(best, count));
        }

        // In the engine's order: where trees do not tell candidates apart yet, the order of the rows decides.
        kept.Sort();
        var thinned = new float[kept.Count * ListFeatures.Count];
        for (var i = 0; i < kept.Count; i++)
        {
            features.Slice(kept[i] * ListFeatures.Count, ListFeatures.Count).CopyTo(thinned.AsSpan(i * ListFeatures.Count));
        }

        if (_lists.Count == capacity)
        {
            _lists.Dequeue();
        }

        _lists.Enqueue(new TrainingList(thinned, kept.IndexOf(target)));

        void Keep(int candidate)
        {
            if (!kept.Contains(candidate))
            {
                kept.Add(candidate);
            }
        }
    }
}
