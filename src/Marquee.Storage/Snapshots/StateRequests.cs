using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Snapshots;

internal sealed class WriteStateRequest(StateKey key, string? etag, ReadOnlyMemory<byte> payload) : WriteRequest<StateSession, string?>
{
    public override int Bytes => payload.Length;

    protected override string? Run(StateSession session) => session.Write(key, etag, payload.Span);
}

internal sealed class ClearStateRequest(StateKey key, string? etag) : WriteRequest<StateSession, string?>
{
    protected override string? Run(StateSession session)
    {
        session.Clear(key, etag);
        return null;
    }
}
