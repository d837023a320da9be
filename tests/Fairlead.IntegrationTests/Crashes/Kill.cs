namespace Fairlead.IntegrationTests.Crashes;

/// <summary>A kill of somebody before or after an effect of the command.</summary>
/// <param name="Effect">Which effect, from 1.</param>
/// <param name="Moment"><c>before</c> or <c>after</c>.</param>
/// <param name="Victim"><c>command</c>, <c>agent</c> or <c>both</c>.</param>
/// <param name="Name">The effect in words.</param>
sealed record Kill(int Effect, string Moment, string Victim, string Name)
{
    /// <summary>Before and after each effect.</summary>
    public static IEnumerable<Kill> Everywhere(IReadOnlyList<string> effects, string victim = "command") => effects.SelectMany(
        (name, index) => new[] { new Kill(index + 1, "before", victim, name), new Kill(index + 1, "after", victim, name) });

    public override string ToString() => $"{Victim} killed {Moment} effect {Effect} ({Name})";
}
