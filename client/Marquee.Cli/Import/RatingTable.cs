using System.Globalization;
using System.Runtime.InteropServices;
using Marquee.Engine.Events;
using EngagementEvent = Marquee.Client.Events.EngagementEvent;

namespace Marquee.Cli.Import;

/// <summary>All ratings of a file in time order, 18 bytes each: a file that is sorted by user has to be turned round whole.</summary>
internal sealed class RatingTable
{
    private readonly List<Row> _rows = [];
    private readonly List<string> _users = [];
    private readonly List<string> _titles = [];
    private readonly string _file;
    private readonly RatingScale _scale;

    private RatingTable(DelimitedFile file, string scale, LineFaults faults, CancellationToken cancellationToken)
    {
        _file = file.Name;
        var columns = (User: file.Column("userId", "user"), Title: file.Column("movieId", "imdb_id"), Rating: file.Column("rating", "rating_0_10"), Time: file.Column("timestamp", "unix_time"));
        var (users, titles) = (new Interner(_users), new Interner(_titles));
        var largestKnown = RatingMapping.LargestOf(scale == "5" ? RatingScale.FiveStar : RatingScale.TenPoint);
        var largest = 0;
        while (file.Read(faults))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var user = file.Field(columns.User);
            var title = file.Field(columns.Title);
            if (user.IsEmpty || title.IsEmpty)
            {
                faults.Skip(file.Place, "the user or the title is empty");
            }
            else if (!double.TryParse(file.Field(columns.Rating), NumberStyles.Float, CultureInfo.InvariantCulture, out var rating) || !(rating >= 0 && rating <= largestKnown))
            {
                faults.Skip(file.Place, $"the rating '{file.Field(columns.Rating)}' is not a number from 0 to {largestKnown}");
            }
            else if (!uint.TryParse(file.Field(columns.Time), NumberStyles.None, CultureInfo.InvariantCulture, out var time))
            {
                faults.Skip(file.Place, $"the timestamp '{file.Field(columns.Time)}' is not seconds since 1970, up to the year 2106");
            }
            else
            {
                var hundredths = (ushort)Math.Round(rating * 100);
                largest = Math.Max(largest, hundredths);
                _rows.Add(new Row(time, users.IndexOf(user), titles.IndexOf(title), hundredths, file.Line));
            }
        }

        _scale = scale switch
        {
            "5" => RatingScale.FiveStar,
            "10" => RatingScale.TenPoint,
            _ => RatingMapping.ScaleOf(largest / 100.0),
        };
        CollectionsMarshal.AsSpan(_rows).Sort();
    }

    /// <summary>Reads a file whole.</summary>
    /// <param name="file">The file, at its header.</param>
    /// <param name="scale"><c>5</c>, <c>10</c>, or <c>auto</c>: ten points when any rating is above 5.</param>
    /// <param name="faults">Gets the bad lines.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CommandFailure">A column is missing.</exception>
    public static RatingTable Load(DelimitedFile file, string scale, LineFaults faults, CancellationToken cancellationToken) =>
        new(file, scale, faults, cancellationToken);

    /// <summary>Narrows the table to a part of its time.</summary>
    public void Keep(ImportSelection selection) => _rows.RemoveAll(row => !selection.Covers(TimeOf(row)));

    public int Count => _rows.Count;

    public DateTimeOffset? LastTime => _rows.Count == 0 ? null : TimeOf(_rows[^1]);

    /// <summary>The ratings as events, in time order; ratings of the same second in the order of their lines.</summary>
    public IEnumerable<ImportItem> Events()
    {
        foreach (var row in _rows)
        {
            var (user, title) = (_users[row.User], _titles[row.Title]);
            var (type, value) = RatingMapping.Map(row.Hundredths / 100.0, _scale);
            var engagement = new EngagementEvent
            {
                EventId = RatingMapping.EventId(user, title, row.Time),
                UserId = user,
                TitleId = title,
                Type = WireTypeOf(type),
                Value = value,
                OccurredAt = TimeOf(row),
            };
            yield return new ImportItem(engagement, new Place(_file, row.Line));
        }
    }

    private static Client.Events.EngagementType WireTypeOf(Engine.Events.EngagementType type) => type switch
    {
        Engine.Events.EngagementType.Like => Client.Events.EngagementType.Like,
        Engine.Events.EngagementType.Complete => Client.Events.EngagementType.Complete,
        Engine.Events.EngagementType.Rate => Client.Events.EngagementType.Rate,
        _ => throw new InvalidOperationException($"Ratings do not become '{type}'."),
    };

    private static DateTimeOffset TimeOf(Row row) => DateTimeOffset.FromUnixTimeSeconds(row.Time);

    [StructLayout(LayoutKind.Sequential, Pack = 2)]
    private readonly record struct Row(uint Time, int User, int Title, ushort Hundredths, int Line) : IComparable<Row>
    {
        public int CompareTo(Row other) => Time != other.Time ? Time.CompareTo(other.Time) : Line.CompareTo(other.Line);
    }

    /// <summary>Gives each distinct text a number, in order of appearance.</summary>
    private readonly struct Interner(List<string> texts)
    {
        private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

        public int IndexOf(ReadOnlySpan<char> text)
        {
            var lookup = _indexes.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!lookup.TryGetValue(text, out var index))
            {
                index = texts.Count;
                texts.Add(text.ToString());
                lookup[text] = index;
            }

            return index;
        }
    }
}
