namespace Fairlead.Deployment;

/// <summary>
/// Keeps a client on the revision that its first request met, by the value of a cookie or header. Raising a revision's share takes no
/// client away from it.
/// </summary>
/// <param name="Kind">Cookie or header.</param>
/// <param name="Name">The name of the cookie, which the platform sets when a client has none, or of the header, without which each request is decided anew.</param>
public sealed record Affinity(AffinityKind Kind, string Name);
