using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Something that keeps a release from an environment.</summary>
/// <param name="Rule">The rule that does; null for what nobody can bypass.</param>
/// <param name="Problem">What, and how to mend it.</param>
public sealed record Refusal(string? Rule, Problem Problem)
{
    /// <summary>The deployment windows and freezes.</summary>
    public const string Window = "window";

    /// <summary>The same release verified, and accepted, elsewhere.</summary>
    public const string Verified = "verified";

    /// <summary>A release that can be gone back to.</summary>
    public const string RollbackTarget = "rollback-target";

    /// <summary>The branches whose releases may come.</summary>
    public const string Branch = "branch";
}
