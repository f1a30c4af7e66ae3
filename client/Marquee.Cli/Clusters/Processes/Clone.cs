namespace Marquee.Cli.Clusters.Processes;

/// <summary>The clone of the repository that this command was built in.</summary>
internal static class Clone
{
    /// <summary>Its top folder; null when this command is somewhere else.</summary>
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
