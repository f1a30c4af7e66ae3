namespace Marquee.Client;

/// <summary>What is wrong with one item of a call.</summary>
public sealed record ItemError
{
    /// <summary>Position of the item in the call, from 0; null when the error is about the call as a whole.</summary>
    public int? Index { get; init; }

    /// <summary>The field, for example <c>occurredAt</c>.</summary>
    public string? Field { get; init; }

    /// <summary>What is wrong and what would be right.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Field) ? Message : $"{Field}: {Message}";
}
