using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Bodies;

/// <summary>What a body holds: its good items, and what is wrong with the others.</summary>
internal sealed class Batch<T>
    where T : class
{
    private int _rejectedLater;

    private Batch(Problem? problem) => Problem = problem;

    /// <summary>The good items, in order.</summary>
    public List<T> Items { get; } = [];

    /// <summary>The place of each good item in the body.</summary>
    public List<int> Indices { get; } = [];

    /// <summary>What is wrong with the others.</summary>
    public ItemErrors Errors { get; } = new();

    /// <summary>Items in the body, good or bad.</summary>
    public int Count { get; private set; }

    /// <summary>Items that are not good.</summary>
    public int Rejected => Count - Items.Count + _rejectedLater;

    /// <summary>The answer when no item is good.</summary>
    public Problem AllBad => Problem.Invalid(Errors.All).With(problem => problem with { Rejected = Count });

    /// <summary>Set when the body cannot be taken at all.</summary>
    public Problem? Problem { get; }

    public static Batch<T> Empty() => new(null);

    public static Batch<T> Refused(Problem problem) => new(problem);

    /// <summary>Turns to the next item.</summary>
    public void Begin() => Errors.Begin(Count++);

    /// <summary>Notes what was found wrong with items that seemed good.</summary>
    public void Reject(List<int> indices, string field, string message)
    {
        _rejectedLater += indices.Count;
        foreach (var index in indices.Order())
        {
            Errors.Begin(index);
            Errors.Add(field, message);
        }
    }

    /// <summary>Keeps the current item; null when it is not good.</summary>
    public void End(T? item)
    {
        if (item is not null)
        {
            Items.Add(item);
            Indices.Add(Count - 1);
        }
    }
}
