namespace Fairlead.Releases;

/// <summary>What is known of an artifact at the place where it is published.</summary>
public enum PublicationStatus
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>The same is there already.</summary>
    AlreadyThere,

    /// <summary>Something else is there under its name and version. It is never replaced.</summary>
    Different,

    /// <summary>The place cannot be asked; it says itself when something is there.</summary>
    Unknown,

    /// <summary>It was published now.</summary>
    Published,
}
