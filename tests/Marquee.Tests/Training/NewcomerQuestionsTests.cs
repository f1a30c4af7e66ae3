using Marquee.Engine.Catalogue;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Models;

namespace Marquee.Tests.Training;

public sealed class NewcomerQuestionsTests
{
    private const int Most = 60;

    /// <summary>Viewer 0 likes twenty titles, viewers 1 to 3 three each, viewer 4 one.</summary>
    private static readonly Interaction[] Past = [.. Enumerable.Range(0, 30).Select(static i => i < 20 ? Like(0, i, i) : Like(1 + ((i - 20) / 3), i % 3, i))];

    [Fact]
    public void InHindsight_EveryQuestion_KnowsAllButTheTitle()
    {
        var (_, questions, titles) = Questions();

        Assert.NotEmpty(questions);
        foreach (var question in questions)
        {
            Assert.DoesNotContain(titles[question.Title].Number, question.Taste.Recent.Select(static entry => entry.Title));
            Assert.Contains(question.Taste.Recent.Length, (int[])[19, 2]);
        }
    }

    [Fact]
    public void InHindsight_ViewersOfManyAndFewTitles_AreAskedAsOften()
    {
        var (_, questions, _) = Questions();

        // The fifth viewer's turns go by: nothing is known of that viewer but the title in question.
        Assert.Equal(Most / 5, questions.Count(static question => question.Taste.Recent.Length == 19));
        Assert.Equal(Most * 3 / 5, questions.Count(static question => question.Taste.Recent.Length == 2));
    }

    [Fact]
    public void InHindsight_TitlesThatAreNotAskedFor_AreKnownOfTheViewer()
    {
        var (_, questions, titles) = Questions(static title => title == 1);

        Assert.NotEmpty(questions);
        Assert.All(questions, static question => Assert.Equal((1, true), (question.Title, question.IsHindsight)));
        Assert.All(questions, question => Assert.Contains(titles[2].Number, question.Taste.Recent.Select(static entry => entry.Title)));
    }

    [Fact]
    public void AsTheyCame_EveryQuestion_KnowsWhatWasBefore()
    {
        var (questions, _, _) = Questions();

        Assert.Equal(Past.Select(static interaction => interaction.Event.OccurredAt), questions.Select(static question => question.At));
        Assert.All(questions, static question => Assert.False(question.IsHindsight));
        Assert.All(questions, static question => Assert.All(question.Taste.Recent, entry => Assert.True(entry.OccurredAt < question.At)));
    }

    private static (List<NewcomerQuestion> AsTheyCame, List<NewcomerQuestion> InHindsight, TitleEntry[] Titles) Questions(Func<int, bool>? asked = null)
    {
        var isAsked = asked ?? (static _ => true);
        var node = SmallWorld.Node();
        TitleEntry[] titles = [.. Enumerable.Range(0, SmallWorld.TitlesPerGenre).Select(i => node.Catalogue.Find($"Western-{i}")!)];
        var questions = new NewcomerQuestions(Past, node.Titles, titles);
        return (questions.AsTheyCame(Most, default), questions.InHindsight(Most, isAsked, new Random(1), default), titles);
    }

    private static Interaction Like(int user, int title, int minute) =>
        new(user, title, SmallWorld.Like($"user-{user}", $"Western-{title}", SmallWorld.Start + (minute * 60_000L)), true);
}
