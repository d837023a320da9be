using System.Collections.Immutable;
using Fairlead.SupplyChain;

namespace Fairlead.Deployment;

/// <summary>How an <see cref="AuditKeeper"/> works.</summary>
public sealed record AuditKeeperOptions
{
    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>Gives the key for encrypted records.</summary>
    public required ISecretSource Secrets { get; init; }

    /// <summary>The rules of an environment; <see cref="AuditRules.None"/> for one that is not known. Throws a <see cref="Fairlead.Tooling.UserErrorException"/> where they cannot be told: then nothing is written yet.</summary>
    public required Func<string, AuditRules> Rules { get; init; }

    /// <summary>Gives the key that signs checkpoints; null: there is none.</summary>
    public required Func<SigningKey?> Key { get; init; }

    /// <summary>The keys whose signatures count.</summary>
    public required Func<ImmutableArray<VerificationKey>> TrustedKeys { get; init; }

    /// <summary>Told what the user should know although nothing failed.</summary>
    public required Action<string> Warn { get; init; }
}
