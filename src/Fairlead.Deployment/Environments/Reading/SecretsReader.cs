using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads references to secrets. A secret that was written into the file is refused, and never repeated.</summary>
static class SecretsReader
{
    /// <summary>How the environment's secrets are kept.</summary>
    public static SecretSettings Settings(MapReader environment) => environment.Section("secrets", EnvironmentKeys.Secrets) is { } reader
        ? new SecretSettings
        {
            Provider = reader.Text("provider"),
            Encryption = reader.Text("encryption"),
            Rotation = reader.Parsed<TimeSpan>("rotation", "a period like 30d or 1y", Periods.Parse),
            AccessControl = reader.Text("access_control"),
        }
        : new SecretSettings();

    /// <summary>Which secrets a service gets.</summary>
    public static ImmutableSortedDictionary<string, SecretReference> References(MapReader service)
    {
        var references = ImmutableSortedDictionary.CreateBuilder<string, SecretReference>(StringComparer.Ordinal);
        if (service.Section("secrets", EnvironmentKeys.Secrets) is not { } reader)
            return references.ToImmutable();
        foreach (var (key, value) in reader.Entries())
        {
            if (!ServiceReader.IsVariable(key.Text))
                reader.Report($"'{key.Text}' cannot be the name of a variable.", key.Where, "Use letters, digits and underscores; the first is no digit.");
            else if (Reference(reader, key, value) is { } reference)
                references[key.Text] = reference;
        }

        return references.ToImmutable();
    }

    /// <summary>The reference that a text is; null when it is none.</summary>
    public static SecretReference? Reference(string text) =>
        text.StartsWith("env:", StringComparison.Ordinal) && ServiceReader.IsVariable(text["env:".Length..]) ? new SecretReference(SecretReference.FromEnvironment, text["env:".Length..])
        : text.StartsWith("file:/", StringComparison.Ordinal) && !text.Any(char.IsControl) ? new SecretReference(SecretReference.FromFile, text["file:".Length..])
        : null;

    static SecretReference? Reference(MapReader reader, YamlScalar key, YamlNode value)
    {
        const string Remedy = "Write where it is: 'env:NAME', 'file:/path' or '{ provider: vault, key: shop/database }'. If it was a real secret, replace it: it may be in the history of the repository.";
        switch (value)
        {
            case YamlScalar scalar when Reference(scalar.Text) is { } written:
                return written;
            case YamlMap map:
                var inner = reader.Inner(map, EnvironmentKeys.SecretStore, $"secret '{key.Text}' of {reader.Scope.Owner}", $"{reader.Path}{key.Text}.");
                var (provider, name) = (inner.Text("provider"), inner.Text("key"));
                if (provider is not null && name is not null)
                    return new SecretReference(provider, name);
                if (!inner.Has("provider") || !inner.Has("key"))
                    inner.Report($"The secret '{key.Text}' of {reader.Scope.Owner} needs 'provider' and 'key'.", value.Where);
                return null;
            default:
                reader.Report($"The secret '{key.Text}' of {reader.Scope.Owner} is not a reference; what it is, is not repeated here.", value.Where, Remedy);
                return null;
        }
    }
}
