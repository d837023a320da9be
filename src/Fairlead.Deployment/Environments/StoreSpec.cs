namespace Fairlead.Deployment;

/// <summary>Where journal and lock of the environments are kept.</summary>
public sealed record StoreSpec
{
    /// <summary>The repository whose refs they are: a URL, a path, or the name of a remote of the clone. Null: files in the state directory of this machine, as by default.</summary>
    public string? Git { get; init; }

    /// <summary>How long the holder of the lock in a repository may be silent before others take it. By default 60 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);
}
