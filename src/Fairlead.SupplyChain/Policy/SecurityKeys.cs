using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Versioning;

namespace Fairlead.SupplyChain;

/// <summary>Every key of <c>.nuke/security.yml</c>: what the reader accepts and what the schema says are both made from these.</summary>
static class SecurityKeys
{
    /// <summary>An entry of <c>exceptions</c> while it is read.</summary>
    public sealed record Draft
    {
        public string? Id { get; init; }
        public string? Package { get; init; }
        public string? Path { get; init; }
        public string? Reason { get; init; }
        public string? Owner { get; init; }
        public DateOnly? Expires { get; init; }
    }

    /// <summary>The keys of an environment while it is read.</summary>
    public sealed record Gate(Severity? FailOn);

    public static KeySection<Gate> Environment { get; } = new(
    [
        Key<Gate>.Of("fail_on", PolicyShapes.Severity, "The gravest finding that keeps a release out of this environment, and all above it. Stricter than the build's.", (x, value) => x with { FailOn = value }),
    ]);

    public static KeySection<Draft> Exception { get; } = new(
    [
        Key<Draft>.Of("id", PolicyShapes.Text, "The advisory or rule: CVE-2024-1234, GHSA-…, DS002, github-pat.", (x, value) => x with { Id = value }),
        Key<Draft>.Of("package", PolicyShapes.Text, "Only this package, by name or name@version; by default all.", (x, value) => x with { Package = value }),
        Key<Draft>.Of("path", PolicyShapes.Text, "Only files that match this glob; by default all.", (x, value) => x with { Path = value }),
        Key<Draft>.Of("reason", PolicyShapes.Text, "Why it is accepted.", (x, value) => x with { Reason = value }),
        Key<Draft>.Of("owner", PolicyShapes.Text, "Who answers for it.", (x, value) => x with { Owner = value }),
        Key<Draft>.Of("expires", PolicyShapes.Day, "The last day (UTC) on which it counts.", (x, value) => x with { Expires = value }),
    ]);

    public static ImmutableArray<string> Required { get; } = ["id", "reason", "owner", "expires"];

    static KeySection<SecurityPolicy> Database { get; } = new(
    [
        Key<SecurityPolicy>.Of("max_age", PolicyShapes.Age, "How old the vulnerability database may be; by default 7d.", (x, value) => x with { DatabaseMaxAge = value }),
    ]);

    static KeySection<SecurityPolicy> Secrets { get; } = new(
    [
        Key<SecurityPolicy>.Of("skip", PolicyShapes.Texts, "Globs of files in which no secrets are looked for.", (x, value) => x with { SecretsSkip = value }),
    ]);

    static KeySection<SecurityPolicy> Configuration { get; } = new(
    [
        Key<SecurityPolicy>.Of("skip", PolicyShapes.Texts, "Globs of Dockerfiles, manifests and Terraform files that are not looked at.", (x, value) => x with { ConfigurationSkip = value }),
    ]);

    static KeySection<LicencePolicy> Licences { get; } = new(
    [
        Key<LicencePolicy>.Of("allow", PolicyShapes.Texts, "SPDX licence ids that are allowed; * stands for any rest. Without it, all that are not denied.", (x, value) => x with { Allow = value }),
        Key<LicencePolicy>.Of("deny", PolicyShapes.Texts, "SPDX licence ids that are denied; they win over 'allow'.", (x, value) => x with { Deny = value }),
        new("declared", "packages with SPDX expressions", "Licences of packages that declare none: package, or package@version, with its SPDX expression.", () => MapOf(PolicyShapes.Text.Schema()), ReadDeclared),
        Key<LicencePolicy>.Of("allow_unknown", PolicyShapes.Flag, "Whether a package whose licence is not known is accepted; by default not.", (x, value) => x with { AllowUnknown = value }),
    ]);

    public static KeySection<SecurityPolicy> Section { get; } = new(
    [
        Key<SecurityPolicy>.Of("fail_on", PolicyShapes.Severity, "The gravest finding that closes the gate of the build, and all above it; by default high.", (x, value) => x with { FailOn = value }),
        Key<SecurityPolicy>.Of("ignore_unfixed", PolicyShapes.Flag, "Whether vulnerabilities that nothing mends yet are only listed; by default they count.", (x, value) => x with { IgnoreUnfixed = value }),
        Database.As<SecurityPolicy>("database", "The vulnerability database.", x => x, (_, value) => value),
        new("environments", "names of environments with keys", "Gates of environments, stricter than the build's.", () => MapOf(Environment.Schema()), ReadEnvironments),
        new("exceptions", "a list of exceptions", "Findings that somebody has accepted until a day.", ExceptionsSchema, ReadExceptions),
        Key<SecurityPolicy>.Of("vex", PolicyShapes.Texts, "Globs of OpenVEX and CycloneDX VEX documents.", (x, value) => x with { Vex = value }),
        Licences.As<SecurityPolicy>("licences", "Which licences may be delivered.", x => x.Licences, (x, value) => x with { Licences = value }),
        Configuration.As<SecurityPolicy>("configuration", "The search for mistakes in configuration files.", x => x, (_, value) => value),
        Secrets.As<SecurityPolicy>("secrets", "The search for secrets.", x => x, (_, value) => value),
    ]);

    static LicencePolicy ReadDeclared(LicencePolicy policy, YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            reading.Report(value, "'declared' must be packages with SPDX expressions.", "Write, for instance, 'Foo: MIT' below it.");
            return policy;
        }

        foreach (var (name, expression) in map.Entries)
        {
            if (PolicyShapes.Text.TryRead(name.Text, expression, reading, out var text))
                policy = policy with { Declared = policy.Declared.SetItem(name.Text, text) };
        }

        return policy;
    }

    static SecurityPolicy ReadEnvironments(SecurityPolicy policy, YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            reading.Report(value, "'environments' must be names of environments with keys.", "Write, for instance, 'production: { fail_on: medium }' below it.");
            return policy;
        }

        foreach (var (name, content) in map.Entries)
        {
            if (content is not YamlMap keys)
                reading.Report(content, $"'{name.Text}' must be keys with values.", "Write, for instance, 'fail_on: medium' below it.");
            else if (Environment.Apply(new Gate(null), keys, reading).FailOn is { } failOn)
                policy = policy with { Environments = policy.Environments.SetItem(name.Text, failOn) };
        }

        return policy;
    }

    static SecurityPolicy ReadExceptions(SecurityPolicy policy, YamlValue value, FileReading reading)
    {
        if (value is not YamlList list)
        {
            reading.Report(value, "'exceptions' must be a list of exceptions.", $"Each begins with '- ' and has the keys {string.Join(", ", Required)}.");
            return policy;
        }

        return policy with { Exceptions = [.. list.Items.Select(x => ReadException(x, reading)).OfType<Exemption>()] };
    }

    static Exemption? ReadException(YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            reading.Report(value, "An exception must be keys with values.", $"It has the keys {string.Join(", ", Required)}.");
            return null;
        }

        var draft = Exception.Apply(new Draft(), map, reading);
        var missing = Required.Where(x => map.Find(x) is null).ToList();
        if (missing.Count > 0)
            reading.Report(value, $"This exception has no {string.Join(" and no ", missing.Select(x => $"'{x}'"))}.", "Who accepts a finding says why, who answers for it, and until when.");
        return draft is { Id: { } id, Reason: { } reason, Owner: { } owner, Expires: { } expires }
            ? new Exemption(id, reason, owner, expires) { Package = draft.Package, Path = draft.Path, Where = reading.At(value.Span) }
            : null;
    }

    static JsonObject ExceptionsSchema()
    {
        var item = Exception.Schema();
        item["type"] = "object";
        item["required"] = new JsonArray([.. Required.Select(x => (JsonNode)x)]);
        return new JsonObject { ["type"] = "array", ["items"] = item };
    }

    static JsonObject MapOf(JsonObject value) => new() { ["type"] = "object", ["additionalProperties"] = value };
}
