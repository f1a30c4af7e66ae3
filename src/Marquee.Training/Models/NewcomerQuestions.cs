using Marquee.Engine.Catalogue;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Training.Data;

namespace Marquee.Training.Models;

/// <summary>A title that a viewer liked, and what was known of the viewer without it.</summary>
/// <param name="Title">Index of the title.</param>
/// <param name="Taste">The viewer.</param>
/// <param name="At">When it was liked, milliseconds since the Unix epoch.</param>
/// <param name="IsHindsight">Whether what came after it is known too.</param>
internal readonly record struct NewcomerQuestion(int Title, UserTaste Taste, long At, bool IsHindsight);

/// <summary>The questions that the newcomer model learns from: some as they came, some in hindsight.</summary>
/// <remarks>
/// As they came, a viewer is known by what was before, and what was liked last is often much like what is liked next: films
/// of one evening, of one list. That says much of a title that the viewer is about to meet anyway, and little of one that
/// comes out at a moment of its own. So the others ask with all that the viewer ever did, but for the title, at the
/// time of the title: then only lasting taste tells. <see cref="Engine.Recommendations.TasteContext"/> knows the two apart,
/// so each kind has weights of its own as far as they differ. In hindsight each viewer is asked as often as any other.
/// </remarks>
internal sealed class NewcomerQuestions
{
    private readonly Interaction[] _past;
    private readonly TitleTable _numbers;
    private readonly IReadOnlyList<TitleEntry> _titles;
    private readonly Dictionary<string, int> _indices;
    private readonly Dictionary<int, TasteState> _tastes = [];

    /// <summary>Nothing gathered yet.</summary>
    /// <param name="past">Events in time order.</param>
    /// <param name="numbers">Numbers the titles.</param>
    /// <param name="titles">The titles that are asked for.</param>
    public NewcomerQuestions(ReadOnlySpan<Interaction> past, TitleTable numbers, IReadOnlyList<TitleEntry> titles)
    {
        (_past, _numbers, _titles) = ([.. past], numbers, titles);
        _indices = new Dictionary<string, int>(titles.Count, StringComparer.Ordinal);
        for (var i = 0; i < titles.Count; i++)
        {
            _indices.Add(titles[i].TitleId, i);
        }
    }

    /// <summary>Every so manieth positive, the viewer as known just before it.</summary>
    /// <param name="most">The most questions.</param>
    /// <param name="cancellation">Stops the gathering.</param>
    public List<NewcomerQuestion> AsTheyCame(int most, CancellationToken cancellation)
    {
        var positives = _past.Count(static interaction => interaction.IsPositive);
        var every = Math.Max(1, (positives + most - 1) / most);
        var questions = new List<NewcomerQuestion>();
        var turn = 0;
        foreach (var interaction in _past)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_tastes.TryGetValue(interaction.User, out var state))
            {
                _tastes[interaction.User] = state = new TasteState(_numbers);
            }

            if (interaction.IsPositive && turn++ % every == 0 && _indices.TryGetValue(interaction.Event.TitleId, out var title))
            {
                questions.Add(new NewcomerQuestion(title, state.Freeze(), interaction.Event.OccurredAt, false));
            }

            state.Apply(interaction.Event);
        }

        return questions;
    }

    /// <summary>Viewers in turn, each with a positive drawn from all of the viewer's, everything else known. After <see cref="AsTheyCame"/>.</summary>
    /// <param name="most">The most questions; there are fewer where nothing else is known of a viewer.</param>
    /// <param name="isAsked">Tells which titles are asked for.</param>
    /// <param name="random">Draws.</param>
    /// <param name="cancellation">Stops the gathering.</param>
    public List<NewcomerQuestion> InHindsight(int most, Func<int, bool> isAsked, Random random, CancellationToken cancellation)
    {
        var liked = _past
            .Where(interaction => interaction.IsPositive && _indices.TryGetValue(interaction.Event.TitleId, out var title) && isAsked(title))
            .GroupBy(static interaction => interaction.User, static interaction => interaction.Event)
            .Select(static viewer => (User: viewer.Key, Positives: viewer.ToArray())).ToArray();
        random.Shuffle(liked);
        var questions = new List<NewcomerQuestion>();
        for (var turn = 0; turn < most && liked.Length > 0; turn++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (user, positives) = liked[turn % liked.Length];
            var positive = positives[random.Next(positives.Length)];
            var title = _indices[positive.TitleId];
            var taste = _tastes[user].Freeze();
            var number = _titles[title].Number;
            taste = taste.WithRecent(Array.FindAll(taste.Recent, entry => entry.Title != number));
            if (taste.Recent.Length > 0)
            {
                questions.Add(new NewcomerQuestion(title, taste, positive.OccurredAt, true));
            }
        }

        return questions;
    }
}
