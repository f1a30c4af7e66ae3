using Marquee.Client.Http;
using Marquee.Client.Models;

namespace Marquee.Client;

public sealed partial class MarqueeClient
{
    /// <summary>The kept versions of the ranking model.</summary>
    public async Task<ModelVersions> GetModelsAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/models", MarqueeJson.Default.ModelVersions, cancellationToken).ConfigureAwait(false)).Answer;

    /// <summary>Publishes a model file. The node compares it with its current model first, which takes seconds to minutes: be patient with <see cref="MarqueeClientOptions.AttemptTimeout"/>.</summary>
    /// <param name="model">A file as <c>marquee train</c> writes it.</param>
    /// <param name="force">Publish it even if it ranks worse.</param>
    /// <param name="cancellationToken">Ends the call; the model may have been published.</param>
    /// <exception cref="MarqueeProblemException">It is no model, or ranks worse (<c>urn:marquee:problem:worse-model</c>), or a kept version has its name.</exception>
    public async Task<ModelChange> PublishModelAsync(ReadOnlyMemory<byte> model, bool force = false, CancellationToken cancellationToken = default) =>
        await ChangeModelAsync(Address.WithQuery("v1/models", ("force", force)), model, cancellationToken).ConfigureAwait(false);

    /// <summary>Ranks with an earlier model again.</summary>
    /// <param name="version">A kept version, or <c>untrained</c>; the one that ranked before the current one when left out.</param>
    /// <param name="cancellationToken">Ends the call; the model may have been changed.</param>
    /// <exception cref="MarqueeProblemException">There is no such version.</exception>
    public async Task<ModelChange> RollBackModelAsync(string? version = null, CancellationToken cancellationToken = default) =>
        await ChangeModelAsync(Address.WithQuery("v1/models/rollback", ("version", version)), null, cancellationToken).ConfigureAwait(false);

    private async Task<ModelChange> ChangeModelAsync(string address, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var (response, _) = await SendAsync(HttpMethod.Post, address, body, "application/octet-stream", cancellationToken).ConfigureAwait(false);
        using (response)
        {
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, MarqueeJson.Default.ModelChange, cancellationToken).ConfigureAwait(false)
                : throw await ProblemReader.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }
}
