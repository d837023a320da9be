using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads <c>audit</c>: how records are kept.</summary>
static class AuditReader
{
    const string Never = "never";

    static readonly ImmutableArray<string> Sections = ["deployment_logs", "approval_records", "security_scans"];

    public static ImmutableArray<RecordKeeping> Records(MapReader environment, SecretSettings secrets, out SecretReference? key)
    {
        key = null;
        if (environment.Section("audit", EnvironmentKeys.Audit) is not { } reader)
            return [];
        if (reader.Node("key") is { } value)
            key = SecretsReader.Reference(reader, "audit.key", value, secrets);

        var records = ImmutableArray.CreateBuilder<RecordKeeping>();
        foreach (var name in Sections)
        {
            if (reader.Section(name, EnvironmentKeys.AuditRecord) is not { } record)
                continue;
            records.Add(new RecordKeeping
            {
                Name = name,
                Retention = record.Scalar("retention", "a period like 30d or 1y, or 'never'")?.Text == Never ? null : record.Parsed<TimeSpan>("retention", "a period like 30d or 1y, or 'never'", Periods.Parse),
                Encryption = record.Bool("encryption") ?? false,
                TamperProof = record.Bool("tamper_proof") ?? false,
                ComplianceMapping = record.Bool("compliance_mapping") ?? false,
            });
        }

        return records.ToImmutable();
    }
}
