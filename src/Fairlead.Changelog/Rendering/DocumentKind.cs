namespace Fairlead.Changelog;

/// <summary>The documents that are made of one history.</summary>
public enum DocumentKind
{
    /// <summary>For users: what is new, mended or broken.</summary>
    ReleaseNotes,

    /// <summary>For developers: everything, with commits and authors.</summary>
    Changelog,

    /// <summary>For users who update: what they have to change.</summary>
    MigrationGuide,
}
