namespace Marquee.Tests.Operations;

public sealed class PortableVectorTests
{
    /// <summary>What runs on one family of processors only. The vector types of System.Numerics and Vector128 to Vector512 run on all.</summary>
    private static readonly string[] OfOneProcessor = ["System.Runtime.Intrinsics.X86", "System.Runtime.Intrinsics.Arm", "System.Runtime.Intrinsics.Wasm"];

    [Fact]
    public void Sources_NoInstructionsOfOneProcessor()
    {
        var offenders = from folder in (string[])["src", "silo", "client"]
                        from file in Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories)
                        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                        let text = File.ReadAllText(file)
                        where OfOneProcessor.Any(text.Contains)
                        select file;

        Assert.Empty(offenders);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
