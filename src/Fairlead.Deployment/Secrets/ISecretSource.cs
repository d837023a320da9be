using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Gives out the values that environments only refer to, at the moment in which they are used.</summary>
public interface ISecretSource
{
    /// <summary>The value behind a reference.</summary>
    /// <exception cref="UserErrorException">There is none; the message names the reference, never a value.</exception>
    Task<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken);

    /// <summary>When the value was last replaced, in UTC; null when nobody can tell. Never fails.</summary>
    Task<DateTimeOffset?> FindChangeAsync(SecretReference reference, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);
}
