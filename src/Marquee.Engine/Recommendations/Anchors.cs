using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Chooses the titles of a viewer's past that rows start from.</summary>
public static class Anchors
{
    /// <summary>The newest liked title that others have watched with something; null when there is none.</summary>
    /// <param name="taste">The viewer.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="used">Numbers of titles not to choose.</param>
    public static TitleEntry? Choose(UserTaste taste, CatalogueSnapshot catalogue, IReadOnlyCollection<int> used)
    {
        for (var i = taste.Recent.Length - 1; i >= 0; i--)
        {
            var entry = taste.Recent[i];
            if (entry.IsPositive
                && !used.Contains(entry.Title)
                && catalogue.RowOf(entry.Title) is >= 0 and var row
                && catalogue[row] is { IsRecommendable: true, Neighbours.Numbers.Length: >= 3 } title)
            {
                return title;
            }
        }

        return null;
    }
}
