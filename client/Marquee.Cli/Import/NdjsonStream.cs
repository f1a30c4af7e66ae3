using System.Runtime.CompilerServices;

namespace Marquee.Cli.Import;

/// <summary>NDJSON on standard input, taken in the order in which it comes: a pipe cannot be read twice, and need not end.</summary>
internal sealed class NdjsonStream(Stream stream) : ImportSource
{
    private const string Name = "stdin";

    public override bool KnowsItsEnd => false;

    public override async IAsyncEnumerable<ImportItem> ReadAsync(
        ImportSelection selection,
        LineFaults faults,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Activity = "reading standard input";
        await foreach (var line in NdjsonLines.ReadAsync(stream, Name, faults, cancellationToken))
        {
            if (NdjsonParser.Parse(line.Text, line.Place, out var item) is { } fault)
            {
                faults.Skip(line.Place, fault);
            }
            else if (item.Event is { } engagement ? selection.Events && selection.Covers(engagement.OccurredAt) : selection.Titles)
            {
                yield return item;
            }
        }
    }
}
