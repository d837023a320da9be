using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Where a <see cref="GitDeploymentStore"/> is and how it waits.</summary>
public sealed record GitStoreOptions
{
    /// <summary>The repository: a URL, a path, or the name of a remote of <see cref="CloneDirectory"/> (<c>origin</c>).</summary>
    public required string Remote { get; init; }

    /// <summary>The clone whose remotes can be named, and whose settings for signing in are used. It is only read, and never changed.</summary>
    public AbsolutePath? CloneDirectory { get; init; }

    /// <summary>How long a holder of the lock may be silent before others take it. By default 60 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>About how often the lock is looked at by those who wait for it. By default every 2 seconds, give or take half of it.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For how long something is tried before the store counts as out of reach. By default 10 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often requests of operators are looked for at most. By default every 5 seconds.</summary>
    public TimeSpan RequestInterval { get; init; } = TimeSpan.FromSeconds(5);
}
