namespace Marquee.Storage.Sqlite;

/// <summary>The tables of a store file at one version of its layout.</summary>
/// <param name="Version">The number in the file's header.</param>
/// <param name="Tables">The statements that create its tables, beside the ledger; as SQLite keeps them.</param>
/// <param name="FromBefore">The statements that bring the layout before to this one, each row as it was; none for the first.</param>
internal sealed record StoreLayout(int Version, IReadOnlyList<string> Tables, IReadOnlyList<string> FromBefore);
