using Marquee.Gateway.Problems;

namespace Marquee.Gateway.OpenApi;

/// <summary>Endpoint metadata: one call of the API as <c>/openapi/v1.json</c> describes it.</summary>
internal sealed record CallDescription
{
    /// <summary>The operation's id, for generated clients.</summary>
    public required string Name { get; init; }

    /// <summary>The group it is listed under.</summary>
    public required string Tag { get; init; }

    /// <summary>What it does, in a few words.</summary>
    public required string Summary { get; init; }

    /// <summary>What a caller must know; Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>What <c>{id}</c> in the path identifies, if there is one.</summary>
    public string? Id { get; init; }

    /// <summary>What it takes, if it takes a body.</summary>
    public BodyDescription? Body { get; init; }

    /// <summary>What it takes, if it takes bytes that are not JSON; for people.</summary>
    public string? BinaryBody { get; init; }

    /// <summary>What it answers when all is well.</summary>
    public required IReadOnlyList<AnswerDescription> Answers { get; init; }

    /// <summary>What else it may answer, besides a query parameter or an id that is not valid.</summary>
    public IReadOnlyList<ProblemKind> Problems { get; init; } = [];
}

/// <summary>A request's body: one item, and where it is a batch also an array, or one item per line.</summary>
/// <param name="SchemaId">Name of the item's schema.</param>
/// <param name="IsBatch">Whether an array and NDJSON are taken too.</param>
/// <param name="Examples">JSON by name; each is a body that is taken.</param>
internal sealed record BodyDescription(string SchemaId, bool IsBatch, IReadOnlyDictionary<string, string> Examples);

/// <summary>A successful answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">What it means.</param>
/// <param name="Body">The body's type; null for none.</param>
/// <param name="Example">JSON of such a body; null for none.</param>
internal sealed record AnswerDescription(int Status, string Description, Type? Body = null, string? Example = null);
