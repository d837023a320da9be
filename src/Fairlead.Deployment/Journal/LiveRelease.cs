namespace Fairlead.Deployment;

/// <summary>A release that is or was live.</summary>
/// <param name="Target">The release with its resolved configuration.</param>
/// <param name="Since">Since when, in UTC.</param>
/// <param name="By">Who deployed it: <c>user@host</c>.</param>
public sealed record LiveRelease(DeploymentTarget Target, DateTimeOffset Since, string By)
{
    /// <summary>The copy of the database that was made before its migrations; null when none was.</summary>
    public DatabaseBackup? Backup { get; init; }

    /// <summary>The copy of the database that was made before its contracting migrations; null when none was.</summary>
    public DatabaseBackup? ContractBackup { get; init; }

    /// <summary>Whether its contracting migrations have run, or begun to: what was live before may not work with the database any more.</summary>
    public bool IsContracted { get; init; }

    /// <summary>Whether its contracting migrations are to run when the revision before has gone.</summary>
    public bool OwesContract { get; init; }
}
