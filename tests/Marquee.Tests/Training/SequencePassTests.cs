using Marquee.Tests.Models;
using Marquee.Training.Sequences;

namespace Marquee.Tests.Training;

public sealed class SequencePassTests
{
    private const int Titles = 12;
    private const int Width = 16;
    private const float Nudge = 1e-2f;

    /// <summary>Every weight of the network and every title vector, with numbers left out and without.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.2f)]
    public void Run_AnyWeight_GradientIsTheFiniteDifference(float dropout)
    {
        var tower = SequenceTowerTests.Tower([.. Enumerable.Range(0, Titles).Select(static i => $"t{i}")], 4, Width, Width);
        var windows = Windows();
        var candidates = new CandidateTitles([.. Enumerable.Range(0, Titles).Select(static i => (double)i)], 100);
        candidates.Draw([], new Random(1));
        var pass = new SequencePass(Width, Width);

        Loss(pass);

        Assert.True(pass.Windows.Targets.Count >= 10);
        float[] ofTitles = [.. pass.CandidateGradients];
        for (var step = 0; step < pass.Windows.Count; step++)
        {
            for (var k = 0; k < Width; k++)
            {
                ofTitles[(pass.Windows.Rows[step] * Width) + k] += pass.InputGradients[(step * Width) + k];
            }
        }

        for (var array = 0; array < tower.Network.Parameters.Length; array++)
        {
            Check(tower.Network.Parameters[array], pass.Gradients[array]);
        }

        Check(tower.Vectors, ofTitles);

        void Check(float[] weights, float[] gradient)
        {
            var largest = 0.0;
            for (var i = 0; i < weights.Length; i++)
            {
                var kept = weights[i];
                weights[i] = kept + Nudge;
                var higher = Loss(new SequencePass(Width, Width));
                weights[i] = kept - Nudge;
                var lower = Loss(new SequencePass(Width, Width));
                weights[i] = kept;
                Assert.Equal((higher - lower) / (2 * Nudge), gradient[i], 1e-3);
                largest = Math.Max(largest, Math.Abs(gradient[i]));
            }

            Assert.True(largest > 0.02, $"The largest slope, {largest}, is too small to tell anything.");
        }

        double Loss(SequencePass one)
        {
            float[] transposed = [.. Enumerable.Range(0, Titles * Width).Select(i => tower.Vectors[(i % Titles * Width) + (i / Titles)])];
            return one.Run(tower.Network, tower.Vectors, windows, candidates, transposed, tower.Vectors, new Dropout(dropout, 5));
        }
    }

    [Fact]
    public void Cut_AnySequences_PredictsEachPositiveBehindAStepOnce()
    {
        var events = Enumerable.Range(0, 5).Select(static viewer => Viewer(viewer, 1 + (viewer * 7))).ToArray();

        var predicted = SequenceWindow.Cut(events, 6, 0, int.MaxValue).SelectMany(static window => window.Events[window.PredictFrom..(window.To + 1)]);
        var windows = SequenceWindow.Cut(events, 6, 0, int.MaxValue);

        Assert.Equal(
            events.SelectMany(static viewer => viewer.Skip(1)).Where(static step => step.Kind == 0).Select(static step => step.Number).Order(),
            predicted.Where(static step => step.Kind == 0).Select(static step => step.Number).Order());
        Assert.All(windows, static window => Assert.InRange(window.Length, 1, 6));
        Assert.All(windows, static window => Assert.True(window.From == 0 || window.PredictFrom - window.From >= 3));
    }

    [Fact]
    public void Cut_TwoPeriods_ShareThePositives()
    {
        SequenceEvent[][] events = [Viewer(0, 40)];
        static IEnumerable<int> Numbers(IEnumerable<SequenceWindow> windows) =>
            windows.SelectMany(static window => window.Events[window.PredictFrom..(window.To + 1)]).Select(static step => step.Number);

        Assert.All(Numbers(SequenceWindow.Cut(events, 6, 0, 25)), static number => Assert.True(number < 25));
        Assert.All(Numbers(SequenceWindow.Cut(events, 6, 25, int.MaxValue)), static number => Assert.True(number >= 25));
    }

    private static SequenceWindow[] Windows() => [.. SequenceWindow.Cut([.. Enumerable.Range(0, 5).Select(static viewer => Viewer(viewer, 3 + viewer))], 4, 0, int.MaxValue)];

    private static SequenceEvent[] Viewer(int viewer, int count)
    {
        var random = new Random(viewer);
        return [.. Enumerable.Range(0, count).Select(i => new SequenceEvent(random.Next(Titles), i * 40_000L * (viewer + 1), i % 4 == 3 ? 1 + (viewer % 2) : 0, (viewer * 1000) + i))];
    }
}
