using System.Collections.Concurrent;
using System.Text;

namespace Marquee.Engine.Titles;

/// <summary>Gives each title id a small number, so that histories can name a title in two or three bytes. Thread-safe.</summary>
/// <remarks>The numbers mean nothing outside the process: what is stored or sent names titles by id.</remarks>
public sealed class TitleTable
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbersBySpan;
    private readonly Lock _growing = new();
    private string[] _ids = new string[1024];
    private int _count;

    /// <summary>Creates an empty table.</summary>
    public TitleTable() => _numbersBySpan = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The one string object of a title id that comes as UTF-8; the id gets a number if it has none.</summary>
    public string Intern(ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = utf8.Length <= 256 ? stackalloc char[256] : new char[utf8.Length];
        var length = Encoding.UTF8.GetChars(utf8, characters);
        return IdOf(_numbersBySpan.TryGetValue(characters[..length], out var number) ? number : NumberOf(new string(characters[..length])));
    }

    /// <summary>The number of a title id; a new one when it has none.</summary>
    public int NumberOf(string titleId)
    {
        if (_numbers.TryGetValue(titleId, out var number))
        {
            return number;
        }

        lock (_growing)
        {
            if (_numbers.TryGetValue(titleId, out number))
            {
                return number;
            }

            if (_count == _ids.Length)
            {
                Array.Resize(ref _ids, _count * 2);
            }

            Volatile.Read(ref _ids)[_count] = titleId;
            number = _count++;
            _numbers[titleId] = number;
            return number;
        }
    }

    /// <summary>The number of a title id; −1 when it has none. Asking does not make the table grow.</summary>
    public int Find(string titleId) => _numbers.GetValueOrDefault(titleId, -1);

    /// <summary>The title id of a number that <see cref="NumberOf"/> gave; always the same string object.</summary>
    public string IdOf(int number) => Volatile.Read(ref _ids)[number];
}
