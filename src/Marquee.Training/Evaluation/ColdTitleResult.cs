namespace Marquee.Training.Evaluation;

/// <summary>What the cold-title protocol measured.</summary>
/// <param name="Seed">Chose the hidden titles.</param>
/// <param name="Titles">How many titles were hidden.</param>
/// <param name="Questions">Hidden positives that asked.</param>
/// <param name="AreaUnderCurve">Mean over the questions, nothing known of any hidden title but its metadata.</param>
/// <param name="Recall10">The same, the share of questions whose title is among the first ten of the hidden titles.</param>
/// <param name="Curve">What a title's own events add, by how many it has had.</param>
/// <param name="ByViewer">The customary question: all of a viewer's hidden positives at once, averaged over viewers; the engine, then each baseline, all at the same questions.</param>
public sealed record ColdTitleResult(
    int Seed, int Titles, int Questions, double AreaUnderCurve, double Recall10, IReadOnlyList<ColdTitlePoint> Curve, IReadOnlyList<ColdViewerPoint> ByViewer);

/// <summary>Every viewer asked once, with nothing known of any hidden title but its metadata, and all that the viewer ever did with the others known.</summary>
/// <param name="Model">Who answers.</param>
/// <param name="LeastPositives">Hidden titles with fewer positives in the whole data set are neither asked for nor rivals: 0 for all, as a service has them; higher for data sets cut to titles that many watched.</param>
/// <param name="Titles">How many hidden titles that leaves.</param>
/// <param name="Viewers">How many viewers have a positive among them.</param>
/// <param name="AreaUnderCurve">Mean over viewers of the mean over their positives.</param>
/// <param name="Recall10">Mean over viewers of the share of their positives (at most ten of them) that is among the first ten.</param>
public sealed record ColdViewerPoint(string Model, int LeastPositives, int Titles, int Viewers, double AreaUnderCurve, double Recall10);

/// <summary>The questions whose title had had a certain number of events.</summary>
/// <param name="Events">The fewest events, and the label of the point; it reaches to the next one.</param>
/// <param name="Questions">How many.</param>
/// <param name="AreaUnderCurve">With all events of all hidden titles until the question.</param>
/// <param name="Recall10">The same, for Recall@10.</param>
/// <param name="WithoutOwnEvents">The area for the same questions against the same rivals, with the events of the right title alone withheld.</param>
/// <param name="WithoutOwnEventsRecall10">The same, for Recall@10.</param>
public sealed record ColdTitlePoint(
    int Events, int Questions, double AreaUnderCurve, double Recall10, double WithoutOwnEvents, double WithoutOwnEventsRecall10);
