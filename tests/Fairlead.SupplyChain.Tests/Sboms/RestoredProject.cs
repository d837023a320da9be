using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

/// <summary>Files as restore leaves them: assets files of two projects and a package folder.</summary>
sealed class RestoredProject : IDisposable
{
    public static readonly byte[] NupkgOfA = Encoding.UTF8.GetBytes("the package file of A");

    public RestoredProject()
    {
        Package("a", "1.0.0", """<license type="expression">MIT OR Apache-2.0</license><authors>Ann, Bob</authors>""", NupkgOfA);
        Package("b.c", "2.0.0-beta.1", """<license type="file">LICENSE.txt</license><licenseUrl>https://aka.ms/deprecateLicenseUrl</licenseUrl>""", [2]);
        Package("d", "3.0.0", "<licenseUrl>https://example.org/licence</licenseUrl>", [3]);
        Assets("App",
            """
            {
              "net10.0": {
                "A/1.0.0": { "type": "package", "dependencies": { "B.C": "2.0.0", "Pruned.Away": "1.0.0" } },
                "B.C/2.0.0-beta.1": { "type": "package" },
                "Lib/0.0.0-dev": { "type": "project", "dependencies": { "D": "3.0.0" } },
                "D/3.0.0": { "type": "package" }
              },
              "net10.0/linux-x64": { "A/1.0.0": { "type": "package", "dependencies": { "D": "1.0.0" } }, "D/3.0.0": { "type": "package" } }
            }
            """,
            "A >= 1.0.0", "Lib >= 0.0.0-dev");
        Assets("Lib", """{ "net10.0": { "D/3.0.0": { "type": "package" } } }""", "D >= 3.0.0");
    }

    public AbsolutePath Root { get; } = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-sbom-").FullName);

    public AbsolutePath Packages => Root / "packages";

    public AbsolutePath Project(string name) => Root / name / $"{name}.csproj";

    public SbomRequest Request(params string[] projects) => new()
    {
        Name = "shop",
        Version = "1.2.3",
        Commit = new string('a', 40),
        CommitTime = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.FromHours(1)),
        Projects = [.. projects.Select(Project)],
    };

    /// <summary>Writes what restore would; of <paramref name="direct"/>, one that starts with a brace is what is said of each framework.</summary>
    public void Assets(string project, string targets, params string[] direct)
    {
        var facts = direct.Where(x => x.StartsWith('{')).ToArray();
        Assets(project, targets, facts is [var one] ? one : "{}", [.. direct.Except(facts)]);
    }

    /// <param name="project">Its name.</param>
    /// <param name="targets">The resolved graphs.</param>
    /// <param name="facts">What is said of each framework.</param>
    /// <param name="direct">What the project asks for.</param>
    void Assets(string project, string targets, string facts, string[] direct) => AssetsFile.Of(Project(project)).WriteAllText($$"""
        {
          "version": 3,
          "targets": {{targets}},
          "libraries": {
            "A/1.0.0": { "sha512": "bm90IHRoZSBoYXNoIG9mIHRoZSBmaWxl", "type": "package", "path": "a/1.0.0" },
            "B.C/2.0.0-beta.1": { "type": "package", "path": "b.c/2.0.0-beta.1" },
            "D/3.0.0": { "type": "package", "path": "d/3.0.0" },
            "Lib/0.0.0-dev": { "type": "project", "path": "../Lib/Lib.csproj" }
          },
          "projectFileDependencyGroups": { "net10.0": {{JsonSerializer.Serialize(direct)}}, "net8.0": {{JsonSerializer.Serialize(direct)}} },
          "packageFolders": { {{JsonSerializer.Serialize((string)(Root / "fallback"))}}: {}, {{JsonSerializer.Serialize((string)Packages)}}: {} },
          "project": { "version": "0.0.0-dev", "restore": { "projectName": "{{project}}" }, "frameworks": { "net10.0": {{facts}}, "net8.0": {{facts}} } }
        }
        """);

    public void Dispose() => Root.DeleteDirectory();

    public void Package(string id, string version, string metadata, byte[] nupkg)
    {
        var directory = Packages / id / version;
        (directory / $"{id}.{version}.nupkg.sha512").WriteAllText(Convert.ToBase64String(SHA512.HashData(nupkg)));
        (directory / $"{id}.nuspec").WriteAllText(
            $"""<?xml version="1.0"?><package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>{metadata}</metadata></package>""");
    }
}
