using System.Globalization;

namespace Marquee.Silo;

/// <summary>A progress bar on the console: one line that redraws itself, or a line per tenth where the output is no terminal.</summary>
public sealed class ProgressLine : IDisposable
{
    private const int Width = 30;

    private string _text = string.Empty;
    private int _tenth = -1;

    /// <summary>Shows how far something is.</summary>
    /// <param name="text">What.</param>
    /// <param name="share">0 to 1.</param>
    public void Show(string text, double share)
    {
        if (text != _text)
        {
            Dispose();
            (_text, _tenth) = (text, -1);
        }

        var filled = (int)Math.Round(share * Width);
        if (!Console.IsOutputRedirected)
        {
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"\r{text}  [{new string('█', filled)}{new string('░', Width - filled)}] {share,4:P0}"));
        }
        else if ((int)(share * 10) > _tenth)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}: {share:P0}"));
        }

        _tenth = Math.Max(_tenth, (int)(share * 10));
    }

    /// <summary>Ends the line.</summary>
    public void Dispose()
    {
        if (_text.Length > 0 && !Console.IsOutputRedirected)
        {
            Console.WriteLine();
        }

        _text = string.Empty;
    }
}
