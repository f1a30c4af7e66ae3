using Marquee.Storage.Postgres;
using Marquee.Storage.Redis;

namespace Marquee.Tests.Storage.Postgres;

public sealed class PostgresStorageOptionsTests
{
    [Theory]
    [InlineData("Host=h")]
    [InlineData("Host=h;Username=u;Password='a;b';Database=d;Search Path=films_2")]
    public void Validate_UsableConnectionString_HasNoMistake(string connection)
        => Assert.Empty(new PostgresStorageOptions { ConnectionString = connection }.Validate());

    [Theory]
    [InlineData("", "no connection string")]
    [InlineData("Username=u;Password=hidden", "no Host")]
    [InlineData("Host=h;Port=hidden", "cannot be read")]
    [InlineData("Host=h;Password=x;hidden", "cannot be read")]
    [InlineData("Host=h;hidden=x", "cannot be read")]
    [InlineData("Host=h;Search Path=\"Hidden\"", "Search Path")]
    [InlineData("Host=h;Search Path=hidden,public", "Search Path")]
    public void Validate_UnusableConnectionString_SaysWhyAndQuotesNothing(string connection, string reason)
    {
        var mistake = Assert.Single(new PostgresStorageOptions { ConnectionString = connection }.Validate());
        Assert.Contains(reason, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", mistake, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("127.0.0.1:6379", true)]
    [InlineData("redis.internal:6379,user=u,password=p", true)]
    [InlineData("", false)]
    [InlineData("h:6379,hidden=1", false)]
    public void Mistake_OfARedisConnectionString_QuotesNothing(string connection, bool isUsable)
    {
        var mistake = RedisMembership.Mistake(connection);
        Assert.Equal(isUsable, mistake is null);
        Assert.DoesNotContain("hidden", mistake ?? string.Empty, StringComparison.Ordinal);
    }
}
