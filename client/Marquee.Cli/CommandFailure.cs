namespace Marquee.Cli;

/// <summary>The command cannot do anything with what it was given, and the person can change that.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="nextStep">What to do about it; null when the message says it.</param>
internal sealed class CommandFailure(string message, string? nextStep = null) : Exception(message)
{
    public string? NextStep { get; } = nextStep;
}
