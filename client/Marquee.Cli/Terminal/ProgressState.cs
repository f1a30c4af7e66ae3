namespace Marquee.Cli.Terminal;

/// <summary>One line of a progress display, as it stands now.</summary>
/// <param name="Label">What is being done.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is; null while that is not known.</param>
/// <param name="Detail">What else there is to say, for example the rate.</param>
/// <param name="Activity">What goes on besides, for example a retry; shown last.</param>
internal sealed record ProgressState(string Label, long Done, long? Total, string Detail, string Activity = "");
