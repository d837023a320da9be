using System.Text.Json.Serialization;

namespace Fairlead.SupplyChain;

/// <summary>What is looked for, and where.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScanPart>))]
public enum ScanPart
{
    /// <summary>Vulnerable packages among the resolved dependencies.</summary>
    [JsonStringEnumMemberName("dependencies")]
    Dependencies,

    /// <summary>Secrets in the working tree.</summary>
    [JsonStringEnumMemberName("secrets")]
    Secrets,

    /// <summary>Mistakes in Dockerfiles, Kubernetes manifests and Terraform files.</summary>
    [JsonStringEnumMemberName("configuration")]
    Configuration,

    /// <summary>Vulnerable packages and secrets in images that the user names.</summary>
    [JsonStringEnumMemberName("images")]
    Images,

    /// <summary>Vulnerable packages and secrets in what was built: images and published output.</summary>
    [JsonStringEnumMemberName("built")]
    Built,
}
