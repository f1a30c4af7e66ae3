namespace Marquee.Gateway;

/// <summary>Bounds of the public contract; not configurable, so that a client that fits one node fits all.</summary>
public static class GatewayLimits
{
    /// <summary>Events or titles per call.</summary>
    public const int BatchItems = 1_000;

    /// <summary>Bytes of a request body: 8 MiB.</summary>
    public const int BodyBytes = 8 << 20;

    /// <summary>Bytes of a model file: 256 MiB, about 800,000 titles of 64 dimensions.</summary>
    public const int ModelBytes = 256 << 20;

    /// <summary>Errors told per item; further ones are left out.</summary>
    public const int ErrorsPerItem = 16;

    /// <summary>Characters of an id.</summary>
    public const int IdLength = 128;

    /// <summary>Characters of a session id, a recommendation id, a device.</summary>
    public const int LabelLength = 128;

    /// <summary>Largest magnitude of a number in an event; keeps sums of squares finite.</summary>
    public const double NumberMagnitude = 1e10;

    /// <summary>How far ahead of this node's clock an event may lie.</summary>
    public static readonly TimeSpan FutureTolerance = TimeSpan.FromMinutes(5);
}
