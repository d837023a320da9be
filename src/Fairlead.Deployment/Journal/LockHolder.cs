namespace Fairlead.Deployment;

/// <summary>Who deploys to an environment just now.</summary>
/// <param name="User">The account.</param>
/// <param name="Host">The machine.</param>
/// <param name="ProcessId">The process on that machine.</param>
/// <param name="Since">Since when, in UTC.</param>
/// <param name="Command">What it is doing: <c>DeployStaging</c>.</param>
public sealed record LockHolder(string User, string Host, int ProcessId, DateTimeOffset Since, string Command)
{
    /// <inheritdoc/>
    public override string ToString() => $"{User}@{Host} (process {ProcessId}, {Command}, since {Since:yyyy-MM-dd HH:mm:ss} UTC)";
}
