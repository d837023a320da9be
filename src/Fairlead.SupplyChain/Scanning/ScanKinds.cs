namespace Fairlead.SupplyChain;

/// <summary>The kinds of the verdicts that <see cref="VerdictKinds.Scan"/> is made of.</summary>
public static class ScanKinds
{
    /// <summary>Vulnerable packages among the resolved dependencies.</summary>
    public const string Dependencies = "scan.dependencies";

    /// <summary>Secrets in the working tree.</summary>
    public const string Secrets = "scan.secrets";

    /// <summary>Mistakes in Dockerfiles, Kubernetes manifests and Terraform files.</summary>
    public const string Configuration = "scan.configuration";

    /// <summary>Images that the user names.</summary>
    public const string Images = "scan.images";

    /// <summary>What was built: images and published output.</summary>
    public const string Built = "scan.built";

    /// <summary>The kind of a part.</summary>
    public static string Of(ScanPart part) => part switch
    {
        ScanPart.Dependencies => Dependencies,
        ScanPart.Secrets => Secrets,
        ScanPart.Configuration => Configuration,
        ScanPart.Images => Images,
        _ => Built,
    };
}
