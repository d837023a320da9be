using System.Xml;
using System.Xml.Linq;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Who one is to a configured NuGet source, where the client's configuration keeps it in clear text (nuget.config reference, packageSourceCredentials).</summary>
public static class NuGetSourceCredentials
{
    /// <summary>Finds user and password of a source: in the variable <c>NuGetPackageSourceCredentials_NAME</c>, or in the configuration files from the nearest to the user's own.</summary>
    /// <param name="source">The name of the source.</param>
    /// <param name="directory">Where the search begins.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="redactor">Is told the password.</param>
    /// <returns>Null when there are none in clear text.</returns>
    public static RegistryCredentials? Find(string source, AbsolutePath directory, IReadOnlyDictionary<string, string> environment, Redactor redactor)
    {
        var found = FromVariable(environment.GetValueOrDefault($"NuGetPackageSourceCredentials_{source}")) ?? Files(directory, environment).Select(x => FromFile(x, source, environment)).FirstOrDefault(x => x is not null);
        found?.Tell(redactor);
        return found;
    }

    // "Username=me;Password=secret"
    static RegistryCredentials? FromVariable(string? text)
    {
        var values = (text ?? "").Split(';').Select(x => x.Split('=', 2, StringSplitOptions.TrimEntries)).Where(x => x.Length == 2).ToLookup(x => x[0], x => x[1], StringComparer.OrdinalIgnoreCase);
        return values["Username"].FirstOrDefault() is { } user && values["Password"].FirstOrDefault() is { } password ? new RegistryCredentials(user, password) : null;
    }

    static IEnumerable<AbsolutePath> Files(AbsolutePath directory, IReadOnlyDictionary<string, string> environment)
    {
        for (var info = new DirectoryInfo(directory); info is not null; info = info.Parent)
        {
            foreach (var file in info.Exists ? info.GetFiles().Where(x => x.Name.Equals("nuget.config", StringComparison.OrdinalIgnoreCase)) : [])
                yield return AbsolutePath.Create(file.FullName);
        }

        string[]? own = environment.GetValueOrDefault("APPDATA") is { Length: > 0 } data && OperatingSystem.IsWindows() ? [data, "NuGet"]
            : environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? [home, ".nuget", "NuGet"]
            : null;
        if (own is not null && Path.Combine([.. own, "NuGet.Config"]) is var path && Path.IsPathFullyQualified(path) && File.Exists(path))
            yield return AbsolutePath.Create(path);
    }

    static RegistryCredentials? FromFile(AbsolutePath file, string source, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            using var reader = XmlReader.Create((string)file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var section = XDocument.Load(reader).Root?.Elements("packageSourceCredentials").Elements().FirstOrDefault(x => XmlConvert.DecodeName(x.Name.LocalName).Equals(source, StringComparison.OrdinalIgnoreCase));
            string? Value(string key) => (string?)section?.Elements("add").FirstOrDefault(x => string.Equals((string?)x.Attribute("key"), key, StringComparison.OrdinalIgnoreCase))?.Attribute("value");
            return Value("Username") is { } user && Value("ClearTextPassword") is { } password ? new RegistryCredentials(Expanded(user, environment), Expanded(password, environment)) : null;
        }
        catch (XmlException e)
        {
            throw new UserErrorException($"'{file}' cannot be read: {e.Message}", "Mend it.", e);
        }
    }

    // %NAME% stands for a variable, in whatever system.
    static string Expanded(string value, IReadOnlyDictionary<string, string> environment) =>
        value.Length > 2 && value[0] == '%' && value[^1] == '%' && environment.TryGetValue(value[1..^1], out var text) ? text : value;
}
