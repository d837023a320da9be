using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>How the records of one environment are kept.</summary>
public sealed record AuditRules
{
    /// <summary>Nothing is said: records stay, and are not encrypted.</summary>
    public static AuditRules None { get; } = new();

    /// <summary>For how long records stay, by section of the environments file; those without an entry stay for ever.</summary>
    public ImmutableSortedDictionary<string, TimeSpan> Retention { get; init; } = ImmutableSortedDictionary.Create<string, TimeSpan>(StringComparer.Ordinal);

    /// <summary>The sections whose records are encrypted.</summary>
    public ImmutableHashSet<string> Encrypted { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Whether nothing may be deployed while the log cannot be written or does not verify.</summary>
    public bool IsTamperProof { get; init; }

    /// <summary>Whether records are shown with the controls that they are evidence for.</summary>
    public bool ShowsControls { get; init; }

    /// <summary>Where the key for encrypted records is when nothing else is said.</summary>
    public static SecretReference DefaultKey { get; } = new(SecretReference.FromEnvironment, "FAIRLEAD_AUDIT_KEY");

    /// <summary>Where the key for encrypted records is; null: nothing is encrypted.</summary>
    public SecretReference? Key { get; init; }

    /// <summary>The rules that an environment asks for under <c>audit</c>.</summary>
    public static AuditRules Of(EnvironmentSpec environment) => new()
    {
        Retention = environment.Audit.Where(x => x.Retention is not null).ToImmutableSortedDictionary(x => x.Name, x => x.Retention!.Value, StringComparer.Ordinal),
        Encrypted = environment.Audit.Where(x => x.Encryption).Select(x => x.Name).ToImmutableHashSet(StringComparer.Ordinal),
        IsTamperProof = environment.Audit.Any(x => x.TamperProof),
        ShowsControls = environment.Audit.Any(x => x.ComplianceMapping),
        Key = environment.AuditKey ?? (environment.Audit.Any(x => x.Encryption) ? DefaultKey : null),
    };

    internal bool Encrypts(string kind) => AuditKinds.SectionOf(kind) is { } section && Encrypted.Contains(section);

    internal bool IsOver(string kind, DateTimeOffset at, DateTimeOffset now) => AuditKinds.SectionOf(kind) is { } section && Retention.TryGetValue(section, out var period) && now - at > period;
}
