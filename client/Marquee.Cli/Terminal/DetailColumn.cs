using Spectre.Console;
using Spectre.Console.Rendering;

namespace Marquee.Cli.Terminal;

/// <summary>What else there is to say about a bar, on its line and never beyond it. The bar carries it as its tag.</summary>
internal sealed class DetailColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.Tag as string ?? "") { Overflow = Overflow.Ellipsis };
}
