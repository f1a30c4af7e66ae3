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
    public static Task RestoreAsync(byte[] file, string connection) => PutAsync(JsonSerializer.Deserialize<Blob[]>(file, Json) ?? [], connection);

    /// <summary>Copies the containers of an account into one without them, as <c>azcopy copy --recursive</c> does: contents, metadata and kinds; seals are not copied.</summary>
    public static async Task CopyAsync(string from, string to, params string[] containers)
    {
        var blobs = new List<Blob>();
        foreach (var name in containers)
        {
            var container = new BlobServiceClient(from).GetBlobContainerClient(name);
            await foreach (var found in container.GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata }))
            {
                var content = await container.GetBlobClient(found.Name).DownloadContentAsync();
                blobs.Add(new Blob(name, found.Name, found.Properties.BlobType == BlobType.Append, new Dictionary<string, string>(found.Metadata), content.Value.Content.ToArray()));
            }
        }

        await PutAsync(blobs, to);
    }

    private static async Task PutAsync(IEnumerable<Blob> blobs, string connection)
    {
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
