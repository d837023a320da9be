using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What <c>--bypass REASON</c> says: rules are to be bypassed, and why.</summary>
/// <param name="Rules">Which; empty: all that stand in the way and can be bypassed.</param>
/// <param name="Reason">Why, in the user's words. The journal and the audit keep it.</param>
public sealed record PolicyBypass(ImmutableArray<string> Rules, string Reason)
{
    const int LongestReason = 1000;

    /// <summary>Reads <c>REASON</c>, or <c>window,scan: REASON</c>.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="rules">The names of rules that there are, besides the kinds of verdicts.</param>
    /// <exception cref="UserErrorException">There is no reason.</exception>
    public static PolicyBypass Parse(string text, IEnumerable<string> rules)
    {
        var known = rules.ToHashSet(StringComparer.Ordinal);
        var names = text.Split(':', 2) is [var head, var tail] && head.Split(',', StringSplitOptions.TrimEntries) is var words && words.All(known.Contains) ? (Words: words, Tail: tail) : (Words: [], Tail: text);
        var reason = new string([.. names.Tail.Select(x => char.IsControl(x) ? ' ' : x)]).Trim();
        if (reason.Length is 0 or > LongestReason)
        {
            throw new UserErrorException(
                reason.Length == 0 ? "'--bypass' needs a reason, which the journal and the audit keep." : $"The reason of '--bypass' has more than {LongestReason} characters.",
                "Write it as: --bypass \"window: the outage of today, see INC-1234\". Without 'window:' it stands for every rule that is in the way.")
            { ExitCode = 2 };
        }

        return new PolicyBypass([.. names.Words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], reason);
    }

    /// <summary>Whether it is for a rule.</summary>
    public bool Covers(string? rule) => rule is not null && (Rules.IsEmpty || Rules.Contains(rule, StringComparer.Ordinal));
}
