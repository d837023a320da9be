using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What the rules say about a release and an environment.</summary>
/// <param name="Refused">What keeps it out.</param>
/// <param name="Bypassed">What would, and was bypassed on purpose.</param>
/// <param name="Skipped">What would, and is left out on the short path of hotfixes.</param>
public sealed record PolicyDecision(ImmutableArray<Refusal> Refused, ImmutableArray<BypassedRule> Bypassed, ImmutableArray<BypassedRule> Skipped)
{
    /// <summary>Nothing was asked.</summary>
    public static PolicyDecision Nothing { get; } = new([], [], []);

    /// <summary>What keeps it out, for people.</summary>
    public ImmutableArray<Problem> Problems => [.. Refused.Select(x => x.Problem)];

    /// <summary>How what can be bypassed is bypassed, as a sentence; null when nothing can.</summary>
    public string? BypassHint => Refused.Any(x => x.Rule is null) || Refused.IsEmpty
        ? null
        : $"In an emergency each of these rules can be bypassed on the record: --bypass \"{string.Join(',', Refused.Select(x => x.Rule).Distinct().Order(StringComparer.Ordinal))}: REASON\"";

    /// <summary>Sorts what stands in the way.</summary>
    /// <param name="refusals">All of it.</param>
    /// <param name="bypass">What was bypassed; null: nothing.</param>
    /// <param name="skipped">Names of the rules that the short path leaves out.</param>
    public static PolicyDecision Of(IEnumerable<Refusal> refusals, PolicyBypass? bypass, IReadOnlyCollection<string> skipped)
    {
        var all = refusals.ToList();
        var shortened = all.Where(x => x.Rule is not null && skipped.Contains(x.Rule)).ToList();
        var left = all.Except(shortened).ToList();
        var bypassed = left.Where(x => bypass?.Covers(x.Rule) == true).ToList();
        return new PolicyDecision([.. left.Except(bypassed)], Rules(bypassed), Rules(shortened));
    }

    static ImmutableArray<BypassedRule> Rules(IEnumerable<Refusal> refusals) => [.. refusals.Select(x => new BypassedRule(x.Rule!, x.Problem.Message)).Distinct()];
}
