using Marquee.Training.Data;

namespace Marquee.Training.Evaluation;

/// <summary>What the prequential protocol tests: it ranks before it learns, one event after the other.</summary>
public interface IPrequentialModel
{
    /// <summary>Printed in result tables.</summary>
    string Name { get; }

    /// <summary>What its steps cost so far; null where nobody asks.</summary>
    StepCosts? Costs => null;

    /// <summary>The rank that the model gives the title of the next event among all titles that its viewer has not engaged with.</summary>
    /// <returns>From 1; ties count as the middle of the tied ranks, rounded down; beyond <see cref="DeepestRank"/> any larger number.</returns>
    int Rank(in Interaction next);

    /// <summary>Learns from an event.</summary>
    void Learn(in Interaction interaction);

    /// <summary>Called when the training period is over, when the validation period is over, and at each tenth of the stream; batch training belongs here.</summary>
    /// <param name="past">All events so far, in order.</param>
    void Retrain(ReadOnlyMemory<Interaction> past);

    /// <summary>Ranks beyond this need not be told apart.</summary>
    const int DeepestRank = 50;
}
