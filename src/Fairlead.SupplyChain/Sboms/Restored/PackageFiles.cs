using System.Collections.Immutable;
using System.Xml;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What the files of an extracted package say about it.</summary>
/// <param name="Sha512">SHA-512 of the package file in lower-case hexadecimal.</param>
sealed record PackageFiles(string Sha512)
{
    const string DeprecatedUrl = "https://aka.ms/deprecateLicenseUrl";
    const int Sha512Length = 64;

    static readonly ImmutableArray<string> LicenceNames = ["LICENSE", "LICENCE", "COPYING"];

    /// <summary>Its id as it writes it itself, or null.</summary>
    public string? Id { get; init; }

    /// <summary>The declared licence, or null.</summary>
    public SbomLicence? Licence { get; init; }

    /// <summary>The declared authors.</summary>
    public ImmutableArray<string> Authors { get; init; } = [];

    /// <summary>The copyright notice of its description, or else the first of its licence file.</summary>
    public string? Copyright { get; init; }

    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>Address of the project, and of the repository with the commit.</summary>
    public ImmutableArray<SbomReference> References { get; init; } = [];

    /// <summary>Whether the package says that it serves development only.</summary>
    public bool IsDevelopmentDependency { get; init; }

    /// <summary>Reads them; null when the directory does not hold a package whose hash is known.</summary>
    /// <param name="directory">The package's directory.</param>
    /// <param name="id">Its id, in any case.</param>
    /// <param name="version">Its version.</param>
    /// <remarks>
    /// The hash is that of <c>*.nupkg.sha512</c>. The <c>sha512</c> of project.assets.json and the <c>contentHash</c> of lock files cover a
    /// package without its signature: nobody who hashes the package file finds them again.
    /// </remarks>
    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    public static PackageFiles? Read(AbsolutePath directory, string id, string version)
    {
        if (!directory.DirectoryExists())
            return null;
        var lowerId = id.ToLowerInvariant();
        var hashFile = One(directory, $"{lowerId}.{version.ToLowerInvariant()}.nupkg.sha512", "*.nupkg.sha512");
        Span<byte> hash = stackalloc byte[Sha512Length];
        if (hashFile is null || !Convert.TryFromBase64String(File.ReadAllText(hashFile).Trim(), hash, out var length) || length != Sha512Length)
            return null;

        var package = new PackageFiles(Convert.ToHexStringLower(hash));
        if (One(directory, $"{lowerId}.nuspec", "*.nuspec") is not { } nuspec)
            return package;
        try
        {
            return package.With(Nuspec.Read(nuspec), directory);
        }
        catch (XmlException)
        {
            // The package is there and hashed; a broken description leaves only its licence unknown, which the verdict counts.
            return package;
        }
    }

    static string? One(AbsolutePath directory, string expected, string pattern) =>
        Path.Combine(directory, expected) is var file && File.Exists(file) ? file : directory.GetFiles(pattern) is [var only] ? (string)only : null;

    PackageFiles With(Nuspec nuspec, AbsolutePath directory)
    {
        var text = nuspec.LicenceType == "file" ? TextOf(directory, nuspec.Licence) : null;
        return this with
        {
            Id = nuspec.Id,
            Licence = LicenceOf(nuspec, text),
            Authors = [.. (nuspec.Authors ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Copyright = nuspec.Copyright ?? (text ?? OwnText(directory))?.Notice,
            Description = nuspec.Description,
            References =
            [
                .. IsAddress(nuspec.ProjectUrl) ? [new SbomReference("website", nuspec.ProjectUrl!)] : Array.Empty<SbomReference>(),
                .. IsAddress(nuspec.RepositoryUrl) ? [new SbomReference("vcs", nuspec.RepositoryUrl!, nuspec.RepositoryCommit)] : Array.Empty<SbomReference>(),
            ],
            IsDevelopmentDependency = nuspec.IsDevelopmentDependency,
        };
    }

    static SbomLicence? LicenceOf(Nuspec nuspec, LicenceText? text)
    {
        switch (nuspec.LicenceType)
        {
            case "expression" when nuspec.Licence is { } declared:
                return new SbomLicence(LicenceExpression.TryParse(declared, out var expression, out _) ? expression.ToString() : declared);
            case "file" when text is not null:
                return new SbomLicence(text.Expression) { Text = text.Expression.StartsWith("LicenseRef-", StringComparison.Ordinal) ? text.Text : null, Source = nuspec.Licence };
            case "file":
                return new SbomLicence($"LicenseRef-file-{Words(nuspec.Licence ?? "")}") { Source = nuspec.Licence };
        }

        if (nuspec.LicenceUrl is not { } url || url == DeprecatedUrl || !IsAddress(url))
            return null;
        return new SbomLicence(LicenceUrls.Expression(url) ?? $"LicenseRef-url-{Words(url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..])}") { Url = url, Source = url };
    }

    static LicenceText? TextOf(AbsolutePath directory, string? name)
    {
        if (name is null)
            return null;
        var file = AbsolutePath.Resolve(directory, name.Replace('\\', '/'));
        return directory.Contains(file) ? LicenceText.Read(file) : null;
    }

    static LicenceText? OwnText(AbsolutePath directory) =>
        directory.GetFiles("*").FirstOrDefault(x => LicenceNames.Any(y => x.NameWithoutExtension.Equals(y, StringComparison.OrdinalIgnoreCase))) is { } file ? LicenceText.Read(file) : null;

    static bool IsAddress(string? url) => url is not null && Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") && Uri.IsWellFormedUriString(url, UriKind.Absolute);

    // What an SPDX reference may be made of: letters, digits, dot and dash (SPDX 2.3, 10.1).
    static string Words(string text) => string.Join('-', new string([.. text.Select(x => char.IsAsciiLetterOrDigit(x) || x is '.' ? x : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
