namespace Fairlead.Deployment;

/// <summary>In which direction a schema is changed.</summary>
public enum MigrationKind
{
    /// <summary>Adds what the new version needs, and leaves everything that the old version uses.</summary>
    Expand,

    /// <summary>Takes away what only the old version used.</summary>
    Contract,

    /// <summary>Takes back what <see cref="Expand"/> added.</summary>
    Down,
}
