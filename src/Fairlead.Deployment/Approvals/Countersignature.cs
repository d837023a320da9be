using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>What became of the countersignature that is owed for a broken glass.</summary>
/// <param name="Break">What went out.</param>
/// <param name="IsGiven">Whether somebody whose consent counts has countersigned it.</param>
/// <param name="IsLate">Whether that was, or is, after its time.</param>
/// <param name="Line">The line that says so.</param>
/// <param name="Judgement">What was signed, and what became of it.</param>
sealed record Countersignature(GlassBreak Break, bool IsGiven, bool IsLate, string Line, ApprovalJudgement Judgement)
{
    /// <summary>The line that says so, fit for a terminal, whatever the journal has.</summary>
    public string Line { get; init => field = Printable.Line(value); } = Printable.Line(Line);

    /// <summary>Whether it keeps the next deployment out.</summary>
    public bool IsOverdue => !IsGiven && IsLate;
}
