using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>Variables that look like credentials: programs that are fetched, and look at files of strangers, do not get them.</summary>
static class Credentials
{
    static readonly ImmutableArray<string> Beginnings = ["FAIRLEAD_", "NUKE_", "ACTIONS_"];
    static readonly ImmutableArray<string> Words = ["TOKEN", "KEY", "PASSWORD", "SECRET", "PASSPHRASE"];

    /// <summary>Those of an environment that are taken away from a program, as its command has them: with null.</summary>
    /// <param name="variables">Names of the environment's variables.</param>
    /// <param name="needed">Whether the program needs one all the same.</param>
    public static IEnumerable<KeyValuePair<string, string?>> Removed(IEnumerable<string> variables, Func<string, bool> needed) =>
        variables.Where(x => IsOne(x) && !needed(x)).Select(x => KeyValuePair.Create(x, (string?)null));

    static bool IsOne(string name) =>
        Beginnings.Any(x => name.StartsWith(x, StringComparison.OrdinalIgnoreCase))
        || Words.Any(x => name.Equals(x, StringComparison.OrdinalIgnoreCase) || name.EndsWith($"_{x}", StringComparison.OrdinalIgnoreCase));
}
