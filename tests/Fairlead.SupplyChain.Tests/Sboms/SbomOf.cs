using System.Collections.Immutable;

namespace Fairlead.SupplyChain.Tests;

/// <summary>Bills of materials for tests.</summary>
static class SbomOf
{
    public static Sbom Components(params SbomComponent[] components) => new()
    {
        Subject = new SbomComponent("application:shop@1.0", SbomComponentKind.Application, "shop", "1.0")
        {
            Purl = "pkg:generic/shop@1.0",
            Supplier = new SbomParty("Shopkeepers"),
            Licences = [new SbomLicence("MIT")],
        },
        Components = [.. components.OrderBy(x => x.Reference, StringComparer.Ordinal)],
        Dependencies = ImmutableSortedDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal)
            .Add("application:shop@1.0", components.Select(x => x.Reference).ToImmutableSortedSet(StringComparer.Ordinal)),
        SerialNumber = new Guid("3f8f0d2e-0000-8000-8000-000000000001"),
        Timestamp = DateTimeOffset.UnixEpoch,
        Author = new SbomParty("Shopkeepers"),
        Tools = [new SbomTool("Fairlead", "1.0.0")],
        Lifecycle = "build",
    };

    public static SbomComponent Package(string name, string version) => new($"pkg:nuget/{name}@{version}", SbomComponentKind.Library, name, version)
    {
        Purl = $"pkg:nuget/{name}@{version}",
        Authors = ["Ann"],
        Supplier = new SbomParty("Ann"),
        Licences = [new SbomLicence("MIT")],
        Hashes = [new SbomHash("SHA-512", new string('a', 128))],
    };
}
