using System.Collections.Immutable;
using Marquee.Contracts.Titles;
using Marquee.Grains.Events;

namespace Marquee.Grains.Titles;

/// <summary>Asks all partitions for what they hold of titles; one round of calls for all titles of the silo that ask meanwhile.</summary>
internal sealed class TitleReader(PartitionQuestions partitions)
{
    private const int MostTitlesPerRound = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Question>> _waiting = new(StringComparer.Ordinal);
    private bool _running;

    /// <summary>What the partitions hold of a title.</summary>
    public Task<ImmutableArray<TitleShareMessage>> Read(string tenant, string titleId)
    {
        var question = new Question(titleId, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (!_waiting.TryGetValue(tenant, out var waiting))
            {
                _waiting.Add(tenant, waiting = []);
            }

            waiting.Add(question);
            if (!_running)
            {
                _running = true;
                _ = Task.Run(AnswerAll);
            }
        }

        return question.Answer.Task;
    }

    private async Task AnswerAll()
    {
        while (Take() is { } round)
        {
            try
            {
                await Answer(round.Tenant, round.Questions);
            }
            catch (Exception exception)
            {
                foreach (var question in round.Questions)
                {
                    question.Answer.TrySetException(exception);
                }
            }
        }
    }

    private (string Tenant, List<Question> Questions)? Take()
    {
        lock (_lock)
        {
            foreach (var (tenant, waiting) in _waiting)
            {
                if (waiting.Count > 0)
                {
                    var count = Math.Min(waiting.Count, MostTitlesPerRound);
                    var taken = waiting.GetRange(0, count);
                    waiting.RemoveRange(0, count);
                    return (tenant, taken);
                }
            }

            _running = false;
            return null;
        }
    }

    private async Task Answer(string tenant, List<Question> questions)
    {
        var titleIds = questions.Select(question => question.TitleId).ToImmutableArray();
        var shares = await partitions.ReadTitles(tenant, titleIds);
        for (var i = 0; i < questions.Count; i++)
        {
            questions[i].Answer.TrySetResult(shares[i]);
        }
    }

    private sealed record Question(string TitleId, TaskCompletionSource<ImmutableArray<TitleShareMessage>> Answer);
}
