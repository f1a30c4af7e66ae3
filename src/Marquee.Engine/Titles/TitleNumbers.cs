namespace Marquee.Engine.Titles;

/// <summary>
/// The numbers of title ids of which each comes many times as the same string object, as within one message or one table:
/// its text is looked at once. Not thread-safe.
/// </summary>
/// <param name="titles">Numbers the titles.</param>
public sealed class TitleNumbers(TitleTable titles)
{
    private readonly Dictionary<string, int> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The number of a title id; a new one when it has none.</summary>
    public int Of(string titleId)
    {
        if (!_known.TryGetValue(titleId, out var number))
        {
            _known.Add(titleId, number = titles.NumberOf(titleId));
        }

        return number;
    }

    /// <summary>Lets go of the string objects. Call it when there will be others.</summary>
    public void Forget() => _known.Clear();
}
