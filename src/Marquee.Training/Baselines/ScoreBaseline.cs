using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Training.Baselines;

/// <summary>A baseline that gives every title a score; ranks follow from the scores.</summary>
public abstract class ScoreBaseline : IPrequentialModel
{
    private readonly float[] _scores;
    private readonly HashSet<int>[] _engaged;

    /// <summary>Creates a baseline.</summary>
    /// <param name="name">Printed in result tables.</param>
    /// <param name="data">Tells how many users and titles there are.</param>
    protected ScoreBaseline(string name, InteractionDataSet data)
    {
        (Name, Titles, Users) = (name, data.Titles.Count, data.UserIds.Count);
        _scores = new float[Titles];
        _engaged = new HashSet<int>[Users];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>How many titles there are.</summary>
    protected int Titles { get; }

    /// <summary>How many users there are.</summary>
    protected int Users { get; }

    /// <inheritdoc/>
    public int Rank(in Interaction next)
    {
        Array.Clear(_scores);
        Score(next.User, next.Event.OccurredAt, _scores);
        var target = _scores[next.Title];
        int above = 0, level = 0;
        foreach (var score in _scores)
        {
            above += score > target ? 1 : 0;
            level += score == target ? 1 : 0;
        }

        foreach (var title in _engaged[next.User] ?? [])
        {
            above -= _scores[title] > target ? 1 : 0;
            level -= _scores[title] == target ? 1 : 0;
        }

        return above + 1 + ((level - 1) / 2);
    }

    /// <inheritdoc/>
    public virtual void Learn(in Interaction interaction)
    {
        interaction.MarkEngaged(_engaged[interaction.User] ??= []);
        if (interaction.IsPositive)
        {
            LearnPositive(interaction.User, interaction.Title, interaction.Event.OccurredAt);
        }
    }

    /// <inheritdoc/>
    public virtual void Retrain(ReadOnlyMemory<Interaction> past)
    {
    }

    /// <summary>Scores all titles for a user.</summary>
    /// <param name="user">The user.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="scores">float32[titles], zeros.</param>
    protected abstract void Score(int user, long now, float[] scores);

    /// <summary>Learns a positive.</summary>
    protected abstract void LearnPositive(int user, int title, long now);
}
