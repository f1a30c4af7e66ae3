using Microsoft.Extensions.Options;

namespace Marquee.Gateway;

/// <summary>Reports every mistake in <see cref="GatewayOptions"/> at once.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        List<string> mistakes = [];
        Check(Identifier.IsValid(options.Tenant), $"Tenant '{options.Tenant}' {Identifier.Rule}.");
        Check(options.PartitionCount is >= 1 and <= 4_096, $"PartitionCount {options.PartitionCount} must be 1 to 4096.");
        Check(options.ConcurrentRequestsMax >= 1, $"ConcurrentRequestsMax {options.ConcurrentRequestsMax} must be at least 1.");
        Check(options.ConcurrentWritesMax >= 1, $"ConcurrentWritesMax {options.ConcurrentWritesMax} must be at least 1.");
        Check(options.BodyBytesMax >= GatewayLimits.BodyBytes, $"BodyBytesMax {options.BodyBytesMax} must be at least {GatewayLimits.BodyBytes}, one body.");
        Check(options.ReadTimeout > TimeSpan.Zero, $"ReadTimeout {options.ReadTimeout} must be above zero.");
        Check(options.ReadRetryBudget >= TimeSpan.Zero, $"ReadRetryBudget {options.ReadRetryBudget} must not be negative.");
        Check(options.WriteRetryBudget >= TimeSpan.Zero, $"WriteRetryBudget {options.WriteRetryBudget} must not be negative.");
        Check(options.KeptAnswersMax >= 0, $"KeptAnswersMax {options.KeptAnswersMax} must not be negative.");
        Check(options.KeptAnswersAge > TimeSpan.Zero, $"KeptAnswersAge {options.KeptAnswersAge} must be above zero.");
        Check(options.VisibilityTimeout >= TimeSpan.Zero, $"VisibilityTimeout {options.VisibilityTimeout} must not be negative.");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        void Check(bool holds, string mistake)
        {
            if (!holds)
            {
                mistakes.Add("Marquee:Gateway:" + mistake);
            }
        }
    }
}
