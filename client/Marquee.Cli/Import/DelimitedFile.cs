using System.IO.Compression;
using Marquee.Training.Data;

namespace Marquee.Cli.Import;

/// <summary>Reads a delimited file with a header, line by line: .csv or .tsv, plain or .gz, UTF-8 with or without a mark.</summary>
internal sealed class DelimitedFile : IDisposable
{
    private static readonly string[] Endings = [".csv", ".tsv", ".csv.gz", ".tsv.gz"];

    private readonly StreamReader _reader;
    private readonly char _separator;
    private readonly List<ReadOnlyMemory<char>> _fields = [];
    private readonly string[] _header;

    private DelimitedFile(string path)
    {
        Name = Path.GetFileName(path);
        _separator = Name.Contains(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
        Stream file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 1 << 16 });
        if (Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            file = new GZipStream(file, CompressionMode.Decompress);
        }

        _reader = new StreamReader(file, bufferSize: 1 << 16);
        Line = 1;
        var fault = _reader.ReadLine() is { } line ? DelimitedLine.Split(line, _separator, _fields) : "the file is empty";
        if (fault is not null)
        {
            _reader.Dispose();
            throw new CommandFailure($"{Name} has no header: {fault}.");
        }

        _header = [.. _fields.Select(field => field.ToString().Trim())];
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>The line that was read last, from 1; the header is line 1.</summary>
    public int Line { get; private set; }

    /// <summary>The place of the line that was read last.</summary>
    public Place Place => new(Name, Line);

    /// <summary>Whether a file of this name is read here.</summary>
    public static bool IsOne(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens <c>{name}.csv</c>, <c>.tsv</c>, <c>.csv.gz</c> or <c>.tsv.gz</c> in a folder; null when there is none.</summary>
    /// <exception cref="CommandFailure">The file has no header.</exception>
    public static DelimitedFile? TryOpen(string folder, string name) =>
        Endings.Select(ending => Path.Combine(folder, name + ending)).FirstOrDefault(File.Exists) is { } path ? new DelimitedFile(path) : null;

    /// <summary>The index of the first of these columns that the file has.</summary>
    /// <exception cref="CommandFailure">It has none of them.</exception>
    public int Column(params ReadOnlySpan<string> names) => ColumnOrNone(names) is var column and >= 0
        ? column
        : throw new CommandFailure($"{Name} has no column {string.Join(" or ", names.ToArray())}; its columns are: {string.Join(", ", _header)}.");

    /// <summary>The index of the first of these columns that the file has, or −1.</summary>
    public int ColumnOrNone(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var column = Array.FindIndex(_header, heading => heading.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (column >= 0)
            {
                return column;
            }
        }

        return -1;
    }

    /// <summary>Reads the next good line; bad ones go to <paramref name="faults"/>, empty ones nowhere.</summary>
    public bool Read(LineFaults faults)
    {
        while (_reader.ReadLine() is { } line)
        {
            Line++;
            if (line.Length == 0)
            {
                continue;
            }

            var fault = DelimitedLine.Split(line, _separator, _fields);
            if (fault is null && _fields.Count != _header.Length)
            {
                fault = $"{_fields.Count} fields where the header has {_header.Length}";
            }

            if (fault is null)
            {
                return true;
            }

            faults.Skip(Place, fault);
        }

        return false;
    }

    /// <summary>A field of the line that was read last, without surrounding blanks.</summary>
    public ReadOnlySpan<char> Field(int column) => _fields[column].Span.Trim();

    public void Dispose() => _reader.Dispose();
}
