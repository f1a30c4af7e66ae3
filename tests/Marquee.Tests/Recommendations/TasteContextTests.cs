using Marquee.Engine.Recommendations;

namespace Marquee.Tests.Recommendations;

public sealed class TasteContextTests
{
    private const long Minute = 60_000;

    /// <remarks>A moment that lies behind the viewer's newest titles is none of their spree; clocks may differ by minutes.</remarks>
    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(-4, 1)]
    [InlineData(-6, 0)]
    [InlineData(-6 * 60, 0)]
    public void Compute_MomentBesideTheNewestTitle_IsOfItsSpreeUnlessBeforeIt(double minutes, float withinHour)
    {
        var node = SmallWorld.Node();
        var last = SmallWorld.Start + (24 * 60 * Minute);
        node.Apply(SmallWorld.Like("user-0", "Western-1", last - Minute));
        node.Apply(SmallWorld.Like("user-0", "Western-2", last));
        var context = new float[TasteContext.Count];

        TasteContext.Compute(node.TasteOf("user-0"), node.Catalogue, last + (long)(minutes * Minute), context);

        Assert.Equal(withinHour, context[Array.IndexOf(TasteContext.Names, "withinHour")]);
        Assert.Equal(withinHour, context[Array.IndexOf(TasteContext.Names, "withinWeek")]);
        Assert.Equal(withinHour, context[Array.IndexOf(TasteContext.Names, "spree")] > 0 ? 1 : 0);
        Assert.True(context[Array.IndexOf(TasteContext.Names, "mainstream")] > 0);
    }
}
