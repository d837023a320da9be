using System.Collections.Immutable;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>Whether a request has the consent that it needs.</summary>
/// <param name="IsEnough">Whether it may go on.</param>
/// <param name="Summary">One line: <c>1 of 2 approvals (alice@example.com)</c>.</param>
/// <param name="Lines">Each approval that was looked at with what became of it: counted, or why not; and what is missing.</param>
/// <param name="IsBreakGlass">Whether it only goes on because somebody broke the glass, which is to be countersigned.</param>
public sealed record ApprovalVerdict(bool IsEnough, string Summary, ImmutableArray<string> Lines, bool IsBreakGlass = false)
{
    /// <summary>One line: <c>1 of 2 approvals (alice@example.com)</c>. Fit for a terminal, whatever was signed.</summary>
    public string Summary { get; } = Printable.Line(Summary);

    /// <summary>Each approval that was looked at with what became of it, and what is missing. Fit for a terminal, whatever was signed.</summary>
    public ImmutableArray<string> Lines { get; init => field = Printed(value); } = Printed(Lines);

    /// <summary>Nothing is asked for.</summary>
    public static ApprovalVerdict NotNeeded { get; } = new(true, "no approval is needed", []);

    /// <summary>Who broke the glass, and why; null unless <see cref="IsBreakGlass"/>.</summary>
    public BrokenGlass? Glass { get; init; }

    /// <summary>Names of those who deploy and cannot approve, as far as they are known where it was judged.</summary>
    public ImmutableArray<string> Deployers { get; init; } = [];

    /// <summary>What is being approved cannot go on, whatever was signed.</summary>
    internal static ApprovalVerdict Refused(string message, string? remedy) => new(false, message.TrimEnd('.'), [remedy is null ? message : $"{message} {remedy}"]);

    static ImmutableArray<string> Printed(ImmutableArray<string> lines) => [.. lines.Select(Printable.Line)];
}
