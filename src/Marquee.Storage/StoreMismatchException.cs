namespace Marquee.Storage;

/// <summary>The store is sound but not for this configuration or version.</summary>
public sealed class StoreMismatchException(string message) : Exception(message);
