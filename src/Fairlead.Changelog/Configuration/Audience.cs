namespace Fairlead.Changelog;

/// <summary>Who wants to read about a kind of change.</summary>
public enum Audience
{
    /// <summary>Users: told in every document.</summary>
    Users,

    /// <summary>Developers: told in the technical changelog alone.</summary>
    Developers,

    /// <summary>Nobody. A breaking change is told all the same.</summary>
    Nobody,
}
