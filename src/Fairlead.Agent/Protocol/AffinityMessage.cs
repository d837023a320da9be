namespace Fairlead.Agent;

/// <summary>What keeps a client on its revision.</summary>
/// <param name="Kind"><see cref="Cookie"/> or <see cref="Header"/>.</param>
/// <param name="Name">The name of the cookie or header.</param>
/// <param name="Layout">
/// The revisions in the order in which clients are dealt out to them: the first one's share begins at position 0, so that raising it
/// takes no client away from it. Revisions that are not named come last.
/// </param>
sealed record AffinityMessage(string Kind, string Name, IReadOnlyList<string> Layout)
{
    public const string Cookie = "cookie";

    public const string Header = "header";
}
