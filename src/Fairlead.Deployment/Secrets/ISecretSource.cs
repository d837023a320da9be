using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Gives out the values that environments only refer to, at the moment in which a process is started.</summary>
public interface ISecretSource
{
    /// <summary>The value behind a reference.</summary>
    /// <exception cref="UserErrorException">There is none; the message names the reference, never a value.</exception>
    string Resolve(SecretReference reference);
}
