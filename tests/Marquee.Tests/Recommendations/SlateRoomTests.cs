using Marquee.Engine.Recommendations;

namespace Marquee.Tests.Recommendations;

/// <summary>What rankings leave behind for the garbage collector, and that room which is used again is nobody's any more.</summary>
public sealed class SlateRoomTests
{
    private const long Now = SmallWorld.Start + (24 * 3_600_000);

    [Fact]
    public void Recommend_IntoRoomThatWasRecycled_IsAsIfItHadRoomOfItsOwn()
    {
        var node = SmallWorld.Node();
        var scratch = new Scratch();
        var explained = RecommendationPipeline.Recommend(Request() with { Explain = true, Exploration = new Exploration(0.2, 7) }, node.TasteOf("user-0"), node.Catalogue, scratch);
        scratch.Recycle(explained);

        var reused = RecommendationPipeline.Recommend(Request(), node.TasteOf("user-1"), node.Catalogue, scratch);
        var fresh = RecommendationPipeline.Recommend(Request(), node.TasteOf("user-1"), node.Catalogue, new Scratch());

        Assert.Same(explained.Items, reused.Items);
        Assert.Equal(fresh.Items, reused.Items);
    }

    [Fact]
    public void Recommend_SlateThatIsKept_IsLeftAlone()
    {
        var node = SmallWorld.Node();
        var scratch = new Scratch();
        var recycled = RecommendationPipeline.Recommend(Request(), node.TasteOf("user-0"), node.Catalogue, scratch);
        scratch.Recycle(recycled);
        var kept = RecommendationPipeline.Recommend(Request(), node.TasteOf("user-0"), node.Catalogue, scratch);
        RankedTitle[] before = [.. kept.Items];

        _ = RecommendationPipeline.Recommend(Request(), node.TasteOf("user-1"), node.Catalogue, scratch);

        Assert.Equal(before, kept.Items);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Recommend_AgainForTheSameViewer_AllocatesTheSlateAndLittleElse(double explored)
    {
        var node = SmallWorld.Node();
        var (scratch, taste, catalogue) = (new Scratch(), node.TasteOf("user-0"), node.Catalogue);
        var request = Request() with { Exploration = new Exploration(explored, 7) };
        void Recommend() => scratch.Recycle(RecommendationPipeline.Recommend(request, taste, catalogue, scratch));
        for (var i = 0; i < 3; i++)
        {
            Recommend();
        }

        const int Times = 50;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            Recommend();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Times, 1, 600);
    }

    private static RecommendationRequest Request() => new() { Count = 20, Now = Now };
}
