using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Marquee.Benchmarks.Curves;

/// <summary>Draws curves on two logarithmic axes as SVG.</summary>
internal static class CurvePlot
{
    private const int Width = 640;
    private const int Height = 400;

    /// <summary>Draws a file in the folder of the results; nothing when they are not kept.</summary>
    /// <param name="name">Without extension.</param>
    /// <param name="title">Above the curves.</param>
    /// <param name="x">What the horizontal axis counts.</param>
    /// <param name="y">What the vertical axis measures.</param>
    /// <param name="curves">Names and points, all above 0.</param>
    public static void Draw(string name, string title, string x, string y, params (string Name, (double X, double Y)[] Points)[] curves)
    {
        if (Parts.Folder is not { } folder || curves.All(curve => curve.Points.Length == 0))
        {
            return;
        }

        using var plot = new Plot();
        foreach (var (label, points) in curves)
        {
            var line = plot.Add.Scatter(points.Select(point => Math.Log10(point.X)).ToArray(), points.Select(point => Math.Log10(point.Y)).ToArray());
            (line.LegendText, line.LineWidth, line.MarkerSize) = (label, 2, 7);
        }

        var all = curves.SelectMany(curve => curve.Points).ToArray();
        plot.Axes.SetLimits(
            Math.Log10(all.Min(point => point.X)) - 0.1,
            Math.Log10(all.Max(point => point.X)) + 0.1,
            Math.Floor(Math.Log10(all.Min(point => point.Y)) - 0.1),
            Math.Ceiling(Math.Log10(all.Max(point => point.Y)) + 0.1));
        plot.Axes.Bottom.TickGenerator = Powers();
        plot.Axes.Left.TickGenerator = Powers();
        plot.Title(title, size: 16);
        plot.XLabel(x);
        plot.YLabel(y);
        if (curves.Length > 1)
        {
            plot.ShowLegend(Alignment.UpperLeft);
        }

        Directory.CreateDirectory(folder);
        plot.SaveSvg(Path.Combine(folder, name + ".svg"), Width, Height);
    }

    private static NumericAutomatic Powers() => new()
    {
        MinorTickGenerator = new LogMinorTickGenerator(),
        IntegerTicksOnly = true,
        LabelFormatter = power => Math.Pow(10, power).ToString(power < 0 ? "0.###" : "N0", CultureInfo.InvariantCulture),
    };
}
