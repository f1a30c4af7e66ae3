namespace Marquee.Engine.Models;

/// <summary>
/// A conditional logit: a title's score is the sum over features of value × weight, and each weight is linear in the
/// situation of the viewer (how much is known of them, how long since their last title). Immutable.
/// </summary>
/// <remarks>
/// Two sets of weights. The first is trained on the whole catalogue and generates candidates; the second is added to it,
/// is trained on candidates only and decides their order (the lists that a ranker is judged by are made of titles that
/// survived the first stage). Scores stay sums of one part per feature, and one for their <see cref="Interplay"/>.
/// </remarks>
public sealed class AdditiveRanker
{
    /// <summary>Creates a ranker.</summary>
    /// <param name="features">Names of f features.</param>
    /// <param name="contexts">Names of c context values.</param>
    /// <param name="candidateWeights">float32[f, c], row-major.</param>
    /// <param name="rankingWeights">float32[f, c], added to the first for the order of candidates.</param>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public AdditiveRanker(string[] features, string[] contexts, float[] candidateWeights, float[] rankingWeights)
    {
        var size = features.Length * contexts.Length;
        if (candidateWeights.Length != size || rankingWeights.Length != size)
        {
            throw new ArgumentException($"{features.Length} features in {contexts.Length} contexts take {size} weights.");
        }

        (Features, Contexts, CandidateWeights, RankingWeights) = (features, contexts, candidateWeights, rankingWeights);
    }

    /// <summary>Names of the features, in order.</summary>
    public string[] Features { get; }

    /// <summary>Names of the context values, in order.</summary>
    public string[] Contexts { get; }

    /// <summary>float32[f, c].</summary>
    public float[] CandidateWeights { get; }

    /// <summary>float32[f, c], to be added.</summary>
    public float[] RankingWeights { get; }

    /// <summary>What features are worth together, one more part of a candidate's score; null adds nothing.</summary>
    public InterplayNetwork? Interplay { get; init; }

    /// <summary>The weights of both stages in a situation.</summary>
    /// <param name="context">float32[c].</param>
    /// <param name="candidate">float32[f], overwritten.</param>
    /// <param name="ranking">float32[f], overwritten; candidate weights included.</param>
    public void Weigh(ReadOnlySpan<float> context, Span<float> candidate, Span<float> ranking)
    {
        for (var feature = 0; feature < Features.Length; feature++)
        {
            float first = 0, second = 0;
            var row = feature * context.Length;
            for (var i = 0; i < context.Length; i++)
            {
                first += CandidateWeights[row + i] * context[i];
                second += RankingWeights[row + i] * context[i];
            }

            candidate[feature] = first;
            ranking[feature] = first + second;
        }
    }
}
