namespace Fairlead.Deployment;

/// <summary>Where a secret's value is. The value itself is never part of the model.</summary>
/// <param name="Provider">Who has it: <c>env</c>, <c>file</c>, <c>vault</c>, <c>kubernetes</c>, or a provider of the environment's own.</param>
/// <param name="Key">Under which name: a variable, a path, <c>path#field</c> of a store.</param>
public sealed record SecretReference(string Provider, string Key)
{
    /// <summary>The value of a variable of the command that deploys.</summary>
    public const string FromEnvironment = "env";

    /// <summary>The content of a file.</summary>
    public const string FromFile = "file";

    /// <summary>A field of a secret in HashiCorp Vault.</summary>
    public const string FromVault = "vault";

    /// <summary>A key of a secret in Kubernetes.</summary>
    public const string FromKubernetes = "kubernetes";

    /// <summary>How the store is reached; null: as its variables and files on this machine say. It is kept with the reference, so that the way back needs no file.</summary>
    public SecretStore? Store { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Provider}:{Key}";
}
