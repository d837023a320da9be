namespace Fairlead.Deployment;

/// <summary>What an environment asks of one kind of verdict. One that failed is refused either way.</summary>
public enum VerdictRequirement
{
    /// <summary>The check may have been not done; that is said loudly.</summary>
    WhenAvailable,

    /// <summary>The check must have passed.</summary>
    Required,
}
