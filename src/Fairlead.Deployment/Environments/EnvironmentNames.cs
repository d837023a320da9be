namespace Fairlead.Deployment;

/// <summary>Names that no environment can have, because something else is kept under them.</summary>
static class EnvironmentNames
{
    /// <summary>The audit log.</summary>
    public const string Audit = "audit";
}
