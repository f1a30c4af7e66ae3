using Marquee.Storage.Azure;

namespace Marquee.Tests.Storage.Azure;

public sealed class AzureStorageOptionsTests
{
    [Theory]
    [InlineData("UseDevelopmentStorage=true")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=films;AccountKey=aGlkZGVu;EndpointSuffix=core.windows.net")]
    [InlineData("AccountName=films;AccountKey=aGlkZGVu;BlobEndpoint=http://127.0.0.1:10000/films;TableEndpoint=http://127.0.0.1:10002/films")]
    public void Validate_UsableConnectionString_HasNoMistake(string connection)
        => Assert.Empty(new AzureStorageOptions { ConnectionString = connection }.Validate());

    [Theory]
    [InlineData("", "no connection string")]
    [InlineData("hidden", "cannot be read")]
    [InlineData("AccountName=films;AccountKey=hidden!", "cannot be read")]
    [InlineData("AccountKey=aGlkZGVu", "cannot be read")]
    [InlineData("Host=hidden;Username=u", "cannot be read")]
    [InlineData("AccountName=films;AccountKey=aGlkZGVu;BlobEndpoint=http://127.0.0.1:10000/films", "cannot be read")]
    public void Validate_UnusableConnectionString_SaysWhyAndQuotesNothing(string connection, string reason)
    {
        var mistake = Assert.Single(new AzureStorageOptions { ConnectionString = connection }.Validate());
        Assert.Contains(reason, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", mistake, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("aGlkZGVu", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EverythingWrong_NamesEveryMistake() => Assert.Equal(
        5, new AzureStorageOptions { PartitionCount = 0, RequestTimeout = TimeSpan.Zero, SegmentBlocksMax = 50_000, SegmentBytesMax = 0 }.Validate().Count);
}
