namespace Fairlead.SupplyChain;

/// <summary>Package URLs (the purl specification) as far as bills of materials need them.</summary>
static class PackageUrl
{
    const string NuGetType = "pkg:nuget/";

    public static string NuGet(string name, string version) => $"{NuGetType}{Uri.EscapeDataString(name)}@{Uri.EscapeDataString(version)}";

    public static string Generic(string name, string version) => $"pkg:generic/{Uri.EscapeDataString(name)}@{Uri.EscapeDataString(version)}";

    /// <summary>
    /// A form in which two purls of the same package are equal: NuGet names and versions in lower case and without qualifiers, other types as they are, but for the
    /// order of their qualifiers; the subpath never counts.
    /// </summary>
    public static string Key(string purl)
    {
        var end = purl.IndexOf('#', StringComparison.Ordinal);
        var whole = end < 0 ? purl : purl[..end];
        var question = whole.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(question < 0 ? whole : whole[..question]);
        if (path.StartsWith(NuGetType, StringComparison.OrdinalIgnoreCase))
            return path.ToLowerInvariant();
        return question < 0 ? path : $"{path}?{string.Join('&', whole[(question + 1)..].Split('&').Order(StringComparer.Ordinal))}";
    }
}
