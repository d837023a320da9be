using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// A pack of a shared framework that a target was compiled against or is delivered with. Where the framework is not delivered, the targeting pack
/// (<c>Microsoft.NETCore.App.Ref</c>) says which one the program needs; advisories name the runtime packs, so nothing is charged with what is not delivered.
/// </summary>
/// <param name="Name">Name of the pack, which is a NuGet package's id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Directory">Where it lies inside the SDK's installation; null for one that restore fetched as a package.</param>
/// <param name="IsDelivered">Delivered with the program; otherwise the machine that it runs on provides the framework.</param>
sealed record FrameworkPack(string Name, string Version, AbsolutePath? Directory, bool IsDelivered)
{
    /// <summary>The packs of a target, one or two for each shared framework that it refers to.</summary>
    public static IEnumerable<FrameworkPack> Of(AssetsFile.Target target)
    {
        var frameworks = target.FrameworkReferences.Concat(target.Libraries.SelectMany(x => x.FrameworkReferences)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);
        foreach (var framework in frameworks)
        {
            var runtime = target.Runtime is null ? [] : target.Downloads.Where(x => IsOf(x.Name, $"{framework}.Runtime.", target.Runtime)).ToList();
            foreach (var (name, version) in runtime)
                yield return new FrameworkPack(name, version, Directory: null, IsDelivered: true);
            if (runtime.Count > 0)
                continue;
            var reference = $"{framework}.Ref";
            if (target.Downloads.FirstOrDefault(x => x.Name.Equals(reference, StringComparison.OrdinalIgnoreCase)) is { Name: not null } fetched)
                yield return new FrameworkPack(fetched.Name, fetched.Version, Directory: null, IsDelivered: false);
            else if (Installed(target, reference) is { } directory)
                yield return new FrameworkPack(reference, directory.Name, directory, IsDelivered: false);
        }

        foreach (var (name, version) in target.Downloads.Where(x => target.Runtime is not null && IsOf(x.Name, "Microsoft.NETCore.App.Host.", target.Runtime)))
            yield return new FrameworkPack(name, version, Directory: null, IsDelivered: true);
    }

    /// <summary>What the installed pack says of itself. The SDK keeps no package file, so its hash is one over its assemblies.</summary>
    public PackageFiles ReadInstalled()
    {
        var directory = Directory ?? throw new InvalidOperationException($"{Name} is not installed with the SDK.");
        var licence = LicenceText.Read(directory.Parent.Parent.Parent / "LICENSE.txt");
        return new PackageFiles(ListingHash(directory))
        {
            Id = Name,
            Authors = ["Microsoft"],
            Licence = licence is null ? null : new SbomLicence(licence.Expression) { Text = licence.Expression.StartsWith("LicenseRef-", StringComparison.Ordinal) ? licence.Text : null, Source = "LICENSE.txt of the SDK" },
            Copyright = licence?.Notice,
            References = [new SbomReference("website", "https://dot.net/")],
        };
    }

    static bool IsOf(string name, string prefix, string runtime) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && name[prefix.Length..].Equals(runtime, StringComparison.OrdinalIgnoreCase);

    static AbsolutePath? Installed(AssetsFile.Target target, string pack)
    {
        if (!Path.IsPathFullyQualified(target.DotNetRoot ?? "") || VersionOf(target.Framework) is not { } version)
            return null;
        var packs = AbsolutePath.Create(target.DotNetRoot!) / "packs" / pack;
        if (!packs.DirectoryExists())
            return null;
        return packs.GetDirectories($"{version}.*").MaxBy(x => System.Version.TryParse(x.Name.Split('-')[0], out var parsed) ? parsed : new Version(0, 0));
    }

    // net10.0, net8.0-windows7.0, netcoreapp3.1
    static string? VersionOf(string framework)
    {
        var digits = framework.StartsWith("netcoreapp", StringComparison.Ordinal) ? framework["netcoreapp".Length..] : framework.StartsWith("net", StringComparison.Ordinal) ? framework["net".Length..] : "";
        var version = digits.Split('-')[0];
        return version.Contains('.', StringComparison.Ordinal) && System.Version.TryParse(version, out _) ? version : null;
    }

    // What "sha512sum" prints for the reference assemblies, in the order of their paths, hashed itself.
    static string ListingHash(AbsolutePath directory)
    {
        var files = (directory / "ref").DirectoryExists()
            ? System.IO.Directory.GetFiles(directory / "ref", "*.dll", SearchOption.AllDirectories).Select(x => directory.GetUnixRelativePathTo(AbsolutePath.Create(x))).Order(StringComparer.Ordinal).ToArray()
            : [];
        var lines = files.Select(x => $"{Convert.ToHexStringLower(SHA512.HashData(File.ReadAllBytes(directory / x)))}  {x}\n");
        return Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
