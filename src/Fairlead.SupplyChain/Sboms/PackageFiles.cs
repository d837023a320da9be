using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What the files of an extracted package say about it.</summary>
/// <param name="Sha512">SHA-512 of the package file in lower-case hexadecimal.</param>
/// <param name="LicenceExpression">An SPDX expression, or null.</param>
/// <param name="LicenceFile">Name of the licence's file inside the package, or null.</param>
/// <param name="LicenceUrl">Address of the licence, or null.</param>
/// <param name="Authors">The declared authors.</param>
sealed record PackageFiles(string Sha512, string? LicenceExpression, string? LicenceFile, string? LicenceUrl, ImmutableArray<string> Authors)
{
    const string Deprecated = "https://aka.ms/deprecateLicenseUrl";
    const int Sha512Length = 64;

    /// <summary>Reads them; null when the directory does not hold a package whose hash is known.</summary>
    /// <remarks>
    /// The hash is that of <c>*.nupkg.sha512</c>. The <c>sha512</c> of project.assets.json and the <c>contentHash</c> of lock files cover a
    /// package without its signature: nobody who hashes the package file finds them again.
    /// </remarks>
    public static PackageFiles? Read(AbsolutePath directory)
    {
        var hashFile = directory.GetFiles("*.nupkg.sha512");
        Span<byte> hash = stackalloc byte[Sha512Length];
        if (hashFile.Count != 1 || !Convert.TryFromBase64String(hashFile[0].ReadAllText().Trim(), hash, out var length) || length != Sha512Length)
            return null;

        var metadata = Nuspec(directory)?.Root?.Elements().FirstOrDefault(x => x.Name.LocalName == "metadata");
        string? Value(string name) => Element(name)?.Value.Trim() is { Length: > 0 } value ? value : null;
        XElement? Element(string name) => metadata?.Elements().FirstOrDefault(x => x.Name.LocalName == name);

        var licenceType = Element("license")?.Attribute("type")?.Value;
        var url = Value("licenseUrl");
        return new PackageFiles(
            Convert.ToHexStringLower(hash),
            licenceType == "expression" ? Value("license") : null,
            licenceType == "file" ? Value("license") : null,
            url is null or Deprecated || !Uri.IsWellFormedUriString(url, UriKind.Absolute) ? null : url,
            [.. (Value("authors") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]);
    }

    static XDocument? Nuspec(AbsolutePath directory)
    {
        if (directory.GetFiles("*.nuspec") is not [var file])
            return null;
        try
        {
            using var reader = XmlReader.Create((string)file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader);
        }
        catch (XmlException)
        {
            // The package is there and hashed; a broken description leaves only its licence unknown, which the verdict counts.
            return null;
        }
    }
}
