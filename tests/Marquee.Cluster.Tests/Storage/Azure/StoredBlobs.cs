using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Marquee.Cluster.Tests.Storage.Azure;

/// <summary>All blobs of an account in one JSON file, each with its content in base64: a backup as a test can keep it.</summary>
internal static class StoredBlobs
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Puts the blobs of a file into an account without any.</summary>
    public static async Task RestoreAsync(Stream file, string connection)
    {
        var blobs = await JsonSerializer.DeserializeAsync<Blob[]>(file, Json) ?? [];
        var service = new BlobServiceClient(connection);
        foreach (var blob in blobs)
        {
            var container = service.GetBlobContainerClient(blob.Container);
            await container.CreateIfNotExistsAsync();
            if (blob.IsAppend)
            {
                var append = container.GetAppendBlobClient(blob.Name);
                await append.CreateAsync();
                if (blob.Content.Length > 0)
                {
                    await append.AppendBlockAsync(new MemoryStream(blob.Content));
                }
            }
            else
            {
                await container.GetBlobClient(blob.Name).UploadAsync(new BinaryData(blob.Content), new BlobUploadOptions { Metadata = blob.Metadata });
            }
        }
    }

    private sealed record Blob(string Container, string Name, bool IsAppend, Dictionary<string, string> Metadata, byte[] Content);
}
