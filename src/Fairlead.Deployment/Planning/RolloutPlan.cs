using System.Collections.Immutable;
using System.Text;

namespace Fairlead.Deployment;

/// <summary>
/// What will be done to an environment, step by step, made before anything is done. A plan follows from the wish and from what is
/// there: planning again half-way gives the steps that are left.
/// </summary>
/// <param name="Title">What the plan is for.</param>
/// <param name="Steps">The steps in their order; none when everything is already as wished.</param>
public sealed record RolloutPlan(string Title, ImmutableArray<RolloutStep> Steps)
{
    /// <summary>What comes after it, as an operation of its own; null: nothing.</summary>
    public RolloutPlan? Then { get; init; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Steps.IsEmpty;

    /// <summary>The plan as a table for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Title);
        if (IsEmpty)
            return text.Append("\n  nothing to do: it is already live").ToString();
        var idWidth = Steps.Max(x => x.Id.Length);
        var numberWidth = Steps.Length.ToString().Length;
        for (var i = 0; i < Steps.Length; i++)
            text.Append('\n').Append("  ").Append((i + 1).ToString().PadLeft(numberWidth)).Append("  ").Append(Steps[i].Id.PadRight(idWidth)).Append("  ").Append(Steps[i].Text);
        if (Then is not null)
            text.Append("\n\nThen: ").Append(Then);
        return text.ToString();
    }
}
