namespace Marquee.Cli.Chaos.Histories;

/// <summary>What of the store was compared, byte for byte, with the fold of the log.</summary>
/// <param name="Partitions">Partitions whose stored states were compared with the fold of their whole log.</param>
/// <param name="PartitionsFromSnapshot">Partitions of whose log a part was let go of unread: compared with the fold of what came behind, onto a snapshot.</param>
/// <param name="PartitionsSkipped">Partitions with entries that could not be compared.</param>
/// <param name="Users">Users whose stored histories were compared.</param>
/// <param name="UsersSkipped">Users with a stored history who could not be compared: a part of their partition's log was not read.</param>
/// <param name="Titles">Titles whose stored rows were compared.</param>
/// <param name="TitlesSkipped">Titles with a stored row that could not be compared: a partition could not.</param>
internal sealed record FoldComparison(int Partitions, int PartitionsFromSnapshot, int PartitionsSkipped, int Users, int UsersSkipped, int Titles, int TitlesSkipped);
