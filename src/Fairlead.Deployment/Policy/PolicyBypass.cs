using System.Collections.Immutable;
using Fairlead.SupplyChain;
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
    /// <exception cref="UserErrorException">There is no reason, or what stands before the colon is no rule.</exception>
    public static PolicyBypass Parse(string text, IEnumerable<string> rules)
    {
        var (words, tail) = Split(text);
        var known = rules.Order(StringComparer.Ordinal).ToList();
        if (words.FirstOrDefault(x => !known.Contains(x, StringComparer.Ordinal)) is { } stranger)
        {
            throw new UserErrorException(
                $"'{Printable.Line(stranger)}' before the colon of '--bypass' is no rule that can be bypassed.",
                $"{Suggestion.Sentence(stranger, known) ?? $"There are: {string.Join(", ", known)}."} What belongs to the reason goes after a rule: --bypass \"window: {Printable.Line(stranger)}:{Printable.Line(tail)}\"")
            { ExitCode = 2 };
        }

        var reason = new string([.. tail.Select(x => char.IsControl(x) ? ' ' : x)]).Trim();
        if (reason.Length is 0 or > LongestReason)
        {
            throw new UserErrorException(
                reason.Length == 0 ? "'--bypass' needs a reason, which the journal and the audit keep." : $"The reason of '--bypass' has more than {LongestReason} characters.",
                "Write it as: --bypass \"window: the outage of today, see INC-1234\". Without 'window:' it stands for every rule that is in the way.")
            { ExitCode = 2 };
        }

        return new PolicyBypass([.. words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], reason);
    }

    /// <summary>Words without spaces before a colon stand for rules; a misspelt one must not become a reason for all of them.</summary>
    static (ImmutableArray<string> Words, string Tail) Split(string text)
    {
        if (text.Split(':', 2) is not [var head, var tail])
            return ([], text);
        ImmutableArray<string> words = [.. head.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return words.Any(x => x.Any(char.IsWhiteSpace)) ? ([], text) : (words, tail);
    }

    /// <summary>Whether it is for a rule.</summary>
    public bool Covers(string? rule) => rule is not null && (Rules.IsEmpty || Rules.Contains(rule, StringComparer.Ordinal));
}
