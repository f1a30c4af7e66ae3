using Marquee.Contracts.Models;
using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Models;

/// <summary>Why a model was not changed, as a problem.</summary>
internal static class ModelProblems
{
    public static Problem Of(ModelChange change)
    {
        var reason = change.Reason ?? "The model was not changed.";
        return change.Outcome switch
        {
            ModelOutcome.NotAModel => Problem.Invalid([new FieldError(null, "body", reason)], reason),
            ModelOutcome.Worse => Problem.Of(ProblemKind.WorseModel, $"{reason} With force=true it is published all the same."),
            ModelOutcome.VersionTaken or ModelOutcome.Overtaken => Problem.Of(ProblemKind.ModelConflict, reason),
            ModelOutcome.Busy => Problem.Overloaded(reason),
            ModelOutcome.NoSuchVersion => Problem.NotFound(reason),
            _ => Problem.Unavailable(reason),
        };
    }
}
