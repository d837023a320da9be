namespace Fairlead.SupplyChain;

/// <summary>Package URLs (purl-spec), as far as findings and VEX documents are compared by them.</summary>
static class PackageUrls
{
    /// <summary>The URL of a package that an older Trivy names without one; null for kinds whose URL cannot be made of name and version alone.</summary>
    /// <param name="type">The kind of file as Trivy calls it.</param>
    /// <param name="name">The package.</param>
    /// <param name="version">Its version.</param>
    public static string? Of(string type, string name, string version)
    {
        var ecosystem = type switch
        {
            "nuget" or "dotnet-core" or "packages-props" => "nuget",
            "npm" or "yarn" or "pnpm" or "node-pkg" => "npm",
            "gomod" or "gobinary" => "golang",
            "pip" or "pipenv" or "poetry" or "python-pkg" => "pypi",
            "cargo" or "rustbinary" => "cargo",
            "bundler" or "gemspec" => "gem",
            _ => null,
        };
        return ecosystem is null || name.Length == 0 ? null : $"pkg:{ecosystem}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}@{Uri.EscapeDataString(version)}";
    }

    /// <summary>Whether a URL of a document means the package: one without a version means all versions. Qualifiers and subpaths do not count.</summary>
    public static bool Covers(string document, string? package) =>
        Split(document) is { } wanted && Split(package) is { } actual
        && wanted.Name.Equals(actual.Name, StringComparison.OrdinalIgnoreCase)
        && (wanted.Version is null || wanted.Version.Equals(actual.Version, StringComparison.OrdinalIgnoreCase));

    static (string Name, string? Version)? Split(string? url)
    {
        if (url is null || !url.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase))
            return null;
        var text = url[4..].Split('?', '#')[0].Trim('/');
        // An @ that begins a name is the scope of an npm package.
        var at = text.LastIndexOf('@');
        var isVersion = at > 0 && text[at - 1] != '/';
        return (Uri.UnescapeDataString(isVersion ? text[..at] : text), isVersion ? Uri.UnescapeDataString(text[(at + 1)..]) : null);
    }
}
