namespace Marquee.Gateway.Problems;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Index">Place of the item in its batch, from 0; null when the error is not about an item.</param>
/// <param name="Field">The field, query parameter or path segment; <c>body</c> for the body as a whole.</param>
/// <param name="Message">What is wrong, for people.</param>
internal sealed record FieldError(int? Index, string Field, string Message);
