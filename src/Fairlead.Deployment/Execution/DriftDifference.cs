namespace Fairlead.Deployment;

/// <summary>One difference between what should run and what does.</summary>
/// <param name="Subject">What it is about: a service, a revision, an address.</param>
/// <param name="Wanted">What should be.</param>
/// <param name="Found">What is.</param>
/// <param name="IsConfigured">Whether the configuration has changed since the deployment; otherwise what runs has.</param>
public sealed record DriftDifference(string Subject, string Wanted, string Found, bool IsConfigured)
{
    /// <summary>The difference as a line.</summary>
    public override string ToString() => $"  {Subject}: {(IsConfigured ? "configured" : "should be")} {Wanted}, but {(IsConfigured ? "deployed with" : "is")} {Found}";
}
