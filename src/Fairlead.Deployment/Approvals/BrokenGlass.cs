namespace Fairlead.Deployment;

/// <summary>That somebody stood in alone in an emergency.</summary>
/// <param name="Principal">Who, as the file of the keys has them: the one whom <see cref="JournalEvent.RulesBypassed"/> is to name.</param>
/// <param name="Reason">Why, in their words.</param>
public sealed record BrokenGlass(string Principal, string Reason)
{
    /// <summary>The name of the rule in <see cref="JournalEvent.RulesBypassed"/>.</summary>
    public const string Rule = "break-glass";
}
