namespace Fairlead.Tooling;

/// <summary>What copying and moving do when something is at the target already.</summary>
public enum ExistsPolicy
{
    /// <summary>Nothing is done; it is an error.</summary>
    Fail,

    /// <summary>A file there is kept. A directory there is an error.</summary>
    FileSkip,

    /// <summary>A file there is replaced. A directory there is an error.</summary>
    FileOverwrite,

    /// <summary>A file there is replaced when it was written earlier than the source. A directory there is an error.</summary>
    FileOverwriteIfNewer,

    /// <summary>Directories are merged, files that are there are kept.</summary>
    MergeAndSkip,

    /// <summary>Directories are merged, files that are there are replaced.</summary>
    MergeAndOverwrite,

    /// <summary>Directories are merged, files that are there are replaced when they were written earlier than their source.</summary>
    MergeAndOverwriteIfNewer,
}
