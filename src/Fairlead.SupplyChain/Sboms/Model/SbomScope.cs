namespace Fairlead.SupplyChain;

/// <summary>Whether a component reaches those who use the subject.</summary>
public enum SbomScope
{
    /// <summary>It is delivered, or needed at run time.</summary>
    Required,

    /// <summary>It serves building or testing only: analyzers, build packages, what only test projects use, reference assemblies.</summary>
    Excluded,
}
