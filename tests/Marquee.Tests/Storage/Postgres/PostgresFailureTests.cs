using Marquee.Storage.Postgres;
using Npgsql;

namespace Marquee.Tests.Storage.Postgres;

public sealed class PostgresFailureTests
{
    [Theory]
    [InlineData("ERROR", PostgresErrorCodes.DiskFull, true, true)]
    [InlineData("PANIC", PostgresErrorCodes.DiskFull, false, false)]
    [InlineData("ERROR", PostgresErrorCodes.DeadlockDetected, true, false)]
    [InlineData("ERROR", PostgresErrorCodes.AdminShutdown, false, false)]
    [InlineData("FATAL", PostgresErrorCodes.AdminShutdown, false, false)]
    [InlineData("FATAL", PostgresErrorCodes.IoError, false, false)]
    public void IsRefusal_OnlyWhatEndsNoMoreThanTheStatement_SaysThatNothingWasDone(string severity, string state, bool isRefusal, bool isFull)
    {
        var failure = new PostgresException("No space left on device", severity, severity, state);
        Assert.Equal(isRefusal, PostgresFailure.IsRefusal(failure));
        Assert.Equal(isFull, PostgresFailure.IsFull(failure));
    }
}
