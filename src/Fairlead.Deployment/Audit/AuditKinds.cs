using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>The kinds of records.</summary>
public static class AuditKinds
{
    /// <summary>A deployment began or ended.</summary>
    public const string Deployment = "deployment";

    /// <summary>What was live before is to be live again, or is: by a command, or because a release was not good enough.</summary>
    public const string Rollback = "rollback";

    /// <summary>A verdict over the release that is deployed.</summary>
    public const string Scan = "scan";

    /// <summary>Somebody's consent, with the signature; or that it is missing.</summary>
    public const string Approval = "approval";

    /// <summary>Rules that were bypassed, with the reason.</summary>
    public const string Bypass = "bypass";

    /// <summary>A check after the deployment.</summary>
    public const string Check = "check";

    /// <summary>An operator told a deployment what to do, or took a lock away.</summary>
    public const string Operator = "operator";

    /// <summary>A copy of the database was made.</summary>
    public const string Backup = "backup";

    /// <summary>A copy of the database was brought back.</summary>
    public const string Restore = "restore";

    /// <summary>What other records said was dropped because its time was over; their hashes stay.</summary>
    public const string Retention = "retention";

    /// <summary>The name in the environments file under which the rules for a kind stand; null for a kind that always stays.</summary>
    public static string? SectionOf(string kind) => kind switch
    {
        Approval => "approval_records",
        Scan => "security_scans",
        Retention => null,
        _ => "deployment_logs",
    };

    /// <summary>
    /// The controls that records of a kind are evidence for, in the words of two catalogues that auditors ask for: the Trust Services Criteria (SOC 2) and ISO/IEC 27001:2022, annex A.
    /// </summary>
    public static ImmutableArray<string> ControlsOf(string kind) => kind switch
    {
        Approval or Bypass => ["SOC 2 CC8.1", "ISO 27001 A.5.3", "ISO 27001 A.8.32"],
        Scan or Check => ["SOC 2 CC7.1", "ISO 27001 A.8.8"],
        Backup or Restore => ["SOC 2 A1.2", "ISO 27001 A.8.13"],
        Retention => ["ISO 27001 A.8.10", "ISO 27001 A.8.15"],
        _ => ["SOC 2 CC8.1", "ISO 27001 A.8.15", "ISO 27001 A.8.32"],
    };
}
