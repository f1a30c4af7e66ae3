using System.Globalization;
using System.Text.RegularExpressions;

namespace Marquee.Cli.Import;

/// <summary>Takes a MovieLens title apart: "Matrix, The (1999)" is "The Matrix" of 1999.</summary>
internal static partial class TitleName
{
    /// <summary>Separates name and year, and puts a trailing article back to the front.</summary>
    /// <returns>The name as it would stand on a poster, and the (first) year in the brackets at its end.</returns>
    public static (string Name, int? Year) Parse(string title)
    {
        var name = title.Trim();
        int? year = null;
        if (YearSuffix().Match(name) is { Success: true, Index: > 0 } match)
        {
            year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
            name = name[..match.Index].TrimEnd();
        }

        return (TrailingArticle().Replace(name, ArticleFirst), year);
    }

    private static string ArticleFirst(Match match)
    {
        var article = match.Groups["article"].Value;
        return $"{article}{(article.EndsWith('\'') ? "" : " ")}{match.Groups["rest"]}{match.Groups["tail"]}";
    }

    // "(1995)", and for series "(2006–2007)" and "(2007-)".
    [GeneratedRegex(@"\((?<year>1[89]\d\d|2\d\d\d)(?:[–-](?:\d{4})?)?\)$")]
    private static partial Regex YearSuffix();

    // The article stands at the end of the name, or before a second name in brackets.
    [GeneratedRegex(@"^(?<rest>[^(]+), (?<article>The|An?|L'|Les?|La|Il|El|Los|Las)(?<tail>$| \()")]
    private static partial Regex TrailingArticle();
}
