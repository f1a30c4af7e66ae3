namespace Marquee.Training.Baselines;

/// <summary>The newest positives of each user, newest last.</summary>
internal sealed class RecentTitles(int users, int most)
{
    private readonly List<int>[] _titles = new List<int>[users];

    /// <summary>A user's titles, newest last.</summary>
    public List<int> Of(int user) => _titles[user] ??= [];

    /// <summary>Adds a title, moving it to the end when it is there already.</summary>
    public void Add(int user, int title)
    {
        var titles = Of(user);
        titles.Remove(title);
        titles.Add(title);
        if (titles.Count > most)
        {
            titles.RemoveAt(0);
        }
    }
}
