namespace Fairlead.Deployment;

/// <summary>The wish to hold an environment's lock.</summary>
public sealed record LockRequest
{
    /// <summary>The account that asks.</summary>
    public required string User { get; init; }

    /// <summary>The machine that asks.</summary>
    public required string Host { get; init; }

    /// <summary>The process that asks.</summary>
    public required int ProcessId { get; init; }

    /// <summary>What the lock is for, as shown to those who wait for it.</summary>
    public required string Command { get; init; }

    /// <summary>How long to wait for another holder; zero: not at all.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>Told once, when waiting begins, who holds the lock (null when that cannot be told).</summary>
    public Action<LockHolder?>? OnWaiting { get; init; }

    /// <summary>
    /// Whether a store that cannot be reached may give a lock that holds on this machine alone (<see cref="IDeploymentLock.IsOffline"/>), for
    /// giving traffic back and nothing else. By default it may not.
    /// </summary>
    public bool AllowOffline { get; init; }
}
