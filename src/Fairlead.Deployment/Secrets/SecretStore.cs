using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>How a store of secrets is reached. Each store looks at what is its own.</summary>
public sealed record SecretStore
{
    /// <summary>Vault: its address; null: that of the variable VAULT_ADDR.</summary>
    public string? Address { get; init; }

    /// <summary>Vault: where the token is, <c>env:NAME</c> or <c>file:/path</c>; null: the variable VAULT_TOKEN.</summary>
    public string? Token { get; init; }

    /// <summary>Vault: where the secrets engine is mounted; null: <c>secret</c>.</summary>
    public string? Mount { get; init; }

    /// <summary>Vault: the version of its key-value engine, 1 or 2; null: 2.</summary>
    public int? Version { get; init; }

    /// <summary>Vault and Kubernetes: the namespace; null: Vault's variable VAULT_NAMESPACE, or none; Kubernetes: that of its configuration.</summary>
    public string? Namespace { get; init; }

    /// <summary>Kubernetes: the context of its configuration; null: the current one.</summary>
    public string? Context { get; init; }

    /// <summary>A provider of the environment's own: program and arguments that print a value, with <c>{key}</c> where the key belongs.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Compares by content, the command included.</summary>
    public bool Equals(SecretStore? other) =>
        other is not null && Address == other.Address && Token == other.Token && Mount == other.Mount && Version == other.Version
        && Namespace == other.Namespace && Context == other.Context && Words(Command).SequenceEqual(Words(other.Command), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Token, Mount, Version, Namespace, Context, Words(Command).Length);

    static ImmutableArray<string> Words(ImmutableArray<string> command) => command.IsDefault ? [] : command;
}
