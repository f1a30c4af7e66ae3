using System.Text.Json;

namespace Marquee.Benchmarks;

/// <summary>What a call of one kind costs the server.</summary>
/// <param name="Microseconds">Processor time per call.</param>
/// <param name="Bytes">Allocated per call.</param>
/// <param name="PerCall">Events per call, or 1.</param>
internal sealed record CallCost(double Microseconds, double Bytes, double PerCall)
{
    /// <summary>Processor time per event of a batch, per call of other kinds.</summary>
    public double MicrosecondsEach => Microseconds / PerCall;

    /// <summary>Allocated per event of a batch, per call of other kinds.</summary>
    public double BytesEach => Bytes / PerCall;

    /// <summary>The costs by kind in what <c>marquee load --profile</c> reports.</summary>
    public static Dictionary<string, CallCost> Read(JsonElement report) => report.GetProperty("profile").EnumerateArray().ToDictionary(
        cost => cost.GetProperty("kind").GetString()!,
        cost => new CallCost(
            cost.GetProperty("cpuMicroseconds").GetDouble(),
            cost.GetProperty("allocatedBytes").GetDouble(),
            Math.Max(1, cost.GetProperty("events").GetDouble() / cost.GetProperty("calls").GetDouble())));
}
