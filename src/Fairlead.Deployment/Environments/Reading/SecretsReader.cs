using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads references to secrets, and how their stores are reached. A secret that was written into the file is refused, and never repeated.</summary>
static class SecretsReader
{
    const string Remedy = "Write where it is: 'env:NAME', 'file:/path', 'vault:path#field', 'kubernetes:namespace/secret#key', or '{ provider: vault, key: shop/database }'. "
        + "If it was a real secret, replace it: it may be in the history of the repository.";

    static readonly ImmutableArray<string> BuiltIn = [SecretReference.FromEnvironment, SecretReference.FromFile, SecretReference.FromVault, SecretReference.FromKubernetes];

    /// <summary>How the secrets are kept of what has a section 'secrets'.</summary>
    public static SecretSettings Settings(MapReader owner) => owner.Section("secrets", EnvironmentKeys.Secrets) is { } reader ? SettingsOf(reader) : new SecretSettings();

    /// <summary>Which secrets a service gets.</summary>
    public static ImmutableSortedDictionary<string, SecretReference> References(MapReader service)
    {
        var references = ImmutableSortedDictionary.CreateBuilder<string, SecretReference>(StringComparer.Ordinal);
        if (service.Section("secrets", EnvironmentKeys.Secrets) is not { } reader)
            return references.ToImmutable();
        var settings = SettingsOf(reader);
        foreach (var (key, value) in reader.Entries())
        {
            if (!ServiceReader.IsVariable(key.Text))
                reader.Report($"'{key.Text}' cannot be the name of a variable.", key.Where, "Use letters, digits and underscores; the first is no digit.");
            else if (Reference(reader, key.Text, value, settings) is { } reference)
                references[key.Text] = reference;
        }

        return references.ToImmutable();
    }

    /// <summary>A reference, or null after a problem.</summary>
    /// <param name="reader">What it is a part of.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="value">What stands there.</param>
    /// <param name="settings">The stores.</param>
    public static SecretReference? Reference(MapReader reader, string name, YamlNode value, SecretSettings settings)
    {
        switch (value)
        {
            case YamlScalar scalar when OfText(scalar.Text, settings) is { } reference:
                return reference;
            case YamlMap map:
                var inner = reader.Inner(map, EnvironmentKeys.SecretStore, $"secret '{name}' of {reader.Scope.Owner}", $"{reader.Path}{name}.");
                var (provider, key) = (inner.Text("provider") ?? settings.Provider, inner.Text("key"));
                if (provider is not null && key is not null)
                    return Made(Canonical(provider), key, settings);
                if ((!inner.Has("provider") && settings.Provider is null) || !inner.Has("key"))
                    inner.Report($"The secret '{name}' of {reader.Scope.Owner} needs 'provider' and 'key'.", value.Where);
                return null;
            default:
                reader.Report($"The secret '{name}' of {reader.Scope.Owner} is not a reference; what it is, is not repeated here.", value.Where, Remedy);
                return null;
        }
    }

    /// <summary>A reference in one word, or null: anything else might be a secret.</summary>
    internal static SecretReference? OfText(string text, SecretSettings settings)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.Any(char.IsControl))
            return null;
        var (provider, key) = (text[..colon], text[(colon + 1)..]);
        var isReference = provider switch
        {
            SecretReference.FromEnvironment => ServiceReader.IsVariable(key),
            SecretReference.FromFile => key.StartsWith('/'),
            SecretReference.FromVault or SecretReference.FromKubernetes => key.Length > 0 && !key.StartsWith('/'),
            _ => key.Length > 0 && settings.Stores.ContainsKey(provider),
        };
        return isReference ? Made(provider, key, settings) : null;
    }

    static SecretReference Made(string provider, string key, SecretSettings settings) => new(provider, key) { Store = settings.Stores.GetValueOrDefault(provider) };

    static string Canonical(string provider) => provider == "kubernetes-secrets" ? SecretReference.FromKubernetes : provider;

    static SecretSettings SettingsOf(MapReader reader)
    {
        var stores = ImmutableSortedDictionary.CreateBuilder<string, SecretStore>(StringComparer.Ordinal);
        if (reader.Section("vault", EnvironmentKeys.Vault) is { } vault)
        {
            stores[SecretReference.FromVault] = new SecretStore
            {
                Address = Address(vault),
                Token = Token(vault),
                Mount = vault.Text("mount"),
                Version = vault.Count("version", 2),
                Namespace = vault.Text("namespace"),
            };
        }

        if (reader.Section("kubernetes", EnvironmentKeys.Kubernetes) is { } kubernetes)
            stores[SecretReference.FromKubernetes] = new SecretStore { Context = kubernetes.Text("context"), Namespace = kubernetes.Text("namespace") };
        if (reader.Section("providers", EnvironmentKeys.SecretProviders) is { } providers)
        {
            foreach (var (name, value) in providers.Entries())
            {
                if (BuiltIn.Contains(name.Text) || name.Text.Length == 0 || !name.Text.All(x => char.IsAsciiLetterLower(x) || char.IsAsciiDigit(x) || x == '-'))
                    providers.Report($"'{name.Text}' cannot be the name of a provider of secrets.", name.Where, $"Use lower-case letters, digits and hyphens, and none of {string.Join(", ", BuiltIn)}.");
                else if (value is not YamlMap map)
                    providers.Report($"The provider '{name.Text}' of {providers.Owner} must be a mapping with 'command', not a {MapReader.Kind(value)}.", value.Where);
                else
                    stores[name.Text] = new SecretStore { Command = Command(providers.Inner(map, EnvironmentKeys.SecretProvider, $"provider '{name.Text}' of {providers.Scope.Owner}", $"{providers.Path}{name.Text}.")) };
            }
        }

        return new SecretSettings
        {
            Provider = reader.Text("provider"),
            Encryption = reader.Text("encryption"),
            Rotation = reader.Parsed<TimeSpan>("rotation", "a period like 30d or 1y", Periods.Parse),
            AccessControl = reader.Text("access_control"),
            Stores = stores.ToImmutable(),
        };
    }

    static ImmutableArray<string> Command(MapReader provider)
    {
        var command = provider.Texts("command", orOne: false, "a list: program and arguments, one of them with '{key}'");
        if (!provider.Has("command"))
            provider.Report($"{ReadingScope.Capital(provider.Owner)} has no 'command'.", provider.Where, "Write for instance 'command: [pass, show, \"{key}\"]'.");
        else if (!command.IsEmpty && !command.Skip(1).Any(x => x.Contains(CommandSecretSource.Placeholder, StringComparison.Ordinal)))
            provider.Report($"The command of {provider.Owner} has no '{{key}}' among its arguments, so that it could give out one secret only.", provider.KeyWhere("command"), "Write '{key}' where the key belongs.");
        return command;
    }

    static string? Address(MapReader vault)
    {
        if (vault.Scalar("address", "an https address") is not { } scalar)
            return null;
        if (VaultSecretSource.IsAddress(scalar.Text))
            return scalar.Text;
        vault.Report($"The 'address' of {vault.Owner} must be an https address without user name and query; http is for this machine alone.", scalar.Where, "Write for instance 'https://vault.example.com:8200'.");
        return null;
    }

    static string? Token(MapReader vault)
    {
        if (vault.Scalar("token", "env:NAME or file:/path") is not { } scalar)
            return null;
        if (OfText(scalar.Text, new SecretSettings()) is { Provider: SecretReference.FromEnvironment or SecretReference.FromFile })
            return scalar.Text;
        vault.Report($"The 'token' of {vault.Owner} is neither 'env:NAME' nor 'file:/path'; what it is, is not repeated here.", scalar.Where, "If it was a real token, revoke it: it may be in the history of the repository.");
        return null;
    }
}
