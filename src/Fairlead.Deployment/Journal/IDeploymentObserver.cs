using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Looks on whenever a command has taken the lock of an environment, and when it has let go; see <see cref="ObservedDeploymentStore"/>.</summary>
public interface IDeploymentObserver
{
    /// <summary>The lock was taken; nothing was done under it.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="request">Who took it and what for.</param>
    /// <param name="cancellationToken">The command is to stop.</param>
    /// <exception cref="UserErrorException">The command must not go on: the lock is let go, and nothing was changed.</exception>
    Task TakenAsync(string environment, LockRequest request, CancellationToken cancellationToken);

    /// <summary>The lock was let go, and the journal says everything that was done. Never fails, and never takes long.</summary>
    /// <param name="environment">The environment.</param>
    Task LeftAsync(string environment);
}
