using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>Addresses that stand for a licence of the SPDX list beyond doubt.</summary>
static class LicenceUrls
{
    static readonly ImmutableArray<string> Extensions = [".txt", ".html", ".php"];

    /// <summary>The expression that an address stands for, or null.</summary>
    public static string? Expression(string url)
    {
        var address = WithoutScheme(url.Trim()).TrimEnd('/');
        // licenses.nuget.org takes a whole expression, escaped.
        if (Rest(address, "licenses.nuget.org/") is { } expression && LicenceExpression.TryParse(Uri.UnescapeDataString(expression), out var parsed, out _) && parsed.Licences().All(x => x.IsKnown))
            return parsed.ToString();
        var named = Rest(address, "spdx.org/licenses/") ?? Rest(address, "opensource.org/licenses/") ?? Rest(address, "opensource.org/license/");
        if (named is not null && WithoutExtension(named) is var id && LicenceIds.IsKnown(id))
            return LicenceIds.Canonical(id);
        return WithoutExtension(address).ToUpperInvariant() switch
        {
            "APACHE.ORG/LICENSES/LICENSE-2.0" => "Apache-2.0",
            "OPENSOURCE.ORG/LICENSES/MIT-LICENSE" or "OPENSOURCE.ORG/LICENSE/MIT-LICENSE" => "MIT",
            "OPENSOURCE.ORG/LICENSES/APACHE2.0" => "Apache-2.0",
            "GNU.ORG/LICENSES/GPL-3.0" => "GPL-3.0-only",
            "GNU.ORG/LICENSES/LGPL-3.0" => "LGPL-3.0-only",
            "GNU.ORG/LICENSES/OLD-LICENSES/GPL-2.0" => "GPL-2.0-only",
            "GNU.ORG/LICENSES/OLD-LICENSES/LGPL-2.1" => "LGPL-2.1-only",
            "MOZILLA.ORG/MPL/2.0" or "MOZILLA.ORG/EN-US/MPL/2.0" => "MPL-2.0",
            "UNLICENSE.ORG" => "Unlicense",
            "CREATIVECOMMONS.ORG/PUBLICDOMAIN/ZERO/1.0" => "CC0-1.0",
            "BOOST.ORG/LICENSE_1_0" => "BSL-1.0",
            _ => null,
        };
    }

    static string? Rest(string address, string prefix) => address.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? address[prefix.Length..] : null;

    static string WithoutScheme(string url)
    {
        var address = Rest(url, "https://") ?? Rest(url, "http://") ?? url;
        return Rest(address, "www.") ?? address;
    }

    static string WithoutExtension(string address)
    {
        var extension = Extensions.FirstOrDefault(x => address.EndsWith(x, StringComparison.OrdinalIgnoreCase));
        return extension is null ? address : address[..^extension.Length];
    }
}
