using Marquee.Training.Models;

namespace Marquee.Tests.Training;

public sealed class ConditionalLogitTests
{
    /// <remarks>Of three alternatives the one with the higher first feature is chosen in one situation, the one with the lower in the other; the second feature says nothing.</remarks>
    [Fact]
    public void Learn_ChoicesThatTurnWithTheSituation_WeighsTheFeatureBySituation()
    {
        var random = new Random(1);
        var choices = new List<ConditionalLogit.Choice>();
        for (var i = 0; i < 2_000; i++)
        {
            var isSecond = i % 2;
            float[] values = [random.NextSingle(), random.NextSingle(), random.NextSingle()];
            Array.Sort(values, (a, b) => isSecond == 1 ? a.CompareTo(b) : b.CompareTo(a));
            choices.Add(new([1, isSecond], [.. values.SelectMany(value => (float[])[value, random.NextSingle()])]));
        }

        var weights = ConditionalLogit.Learn(choices, 2, 2);

        Assert.True(weights[0] > 2, $"{weights[0]}");
        Assert.True(weights[0] + weights[1] < -2, $"{weights[0] + weights[1]}");
        Assert.True(MathF.Abs(weights[2]) < 1, $"{weights[2]}");
    }

    [Fact]
    public void Learn_NoChoices_GivesZeros() => Assert.Equal(new float[6], ConditionalLogit.Learn([], 3, 2));
}
