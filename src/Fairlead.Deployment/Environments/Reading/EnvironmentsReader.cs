using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Turns <c>environments.yml</c> into environments and problems.</summary>
sealed partial class EnvironmentsReader(string file)
{
    const string Local = "local";
    const string None = "none";
    static readonly ImmutableArray<string> Platforms = [Local];
    static readonly ImmutableArray<string> LaterPlatforms = ["docker", "kubernetes", "ssh", "systemd", "swarm"];
    static readonly ImmutableArray<string> Strategies = ["blue-green"];
    static readonly ImmutableArray<string> LaterStrategies = ["canary", "rolling", "recreate", "feature-flags"];
    static readonly ImmutableArray<string> ServiceKeys =
        ["artifact", "command", "replicas", "health", "ready", "worker", "startup_timeout", "drain_timeout", "stop_grace"];

    static readonly ImmutableArray<string> HttpKeys = ["url", "health", "ready"];
    static readonly ImmutableArray<string> DefaultVerdicts = [VerdictKinds.Tests, VerdictKinds.Scan, VerdictKinds.Sbom];

    readonly List<Problem> _problems = [];
    readonly List<(SourceLocation Where, Uri Url, string Service, string Environment)> _localUrls = [];
    readonly List<(SourceLocation Where, string Environment, string Required)> _requirements = [];

    public EnvironmentsFile Read(string text, string defaultApplication)
    {
        var application = defaultApplication;
        ImmutableArray<EnvironmentSpec> environments = [];
        var root = YamlText.Read(text, file, _problems);
        if (root is YamlMap map)
            (application, environments) = ReadFile(new MapReader(map, "this file", _problems), defaultApplication);
        else if (root is not null || _problems.Count == 0)
            Report("The file has no environments.", root?.Where ?? new SourceLocation(file), "Start it with 'environments:' and, indented below, a name with a 'url:'.");

        CheckPorts();
        var ordered = _problems.OrderBy(x => x.Where?.Line).ThenBy(x => x.Where?.Column);
        return new EnvironmentsFile { Application = application, Environments = environments, Problems = [.. ordered] };
    }

    (string Application, ImmutableArray<EnvironmentSpec> Environments) ReadFile(MapReader reader, string defaultApplication)
    {
        var application = reader.Scalar("application", "a name") is { } name && CheckName(name, "application") ? name.Text : defaultApplication;
        if (!reader.Has("application") && !Name().IsMatch(defaultApplication))
            Report($"'{defaultApplication}' cannot be the name of an application.", reader.Where, "Write 'application:' with a name of lower-case letters, digits and hyphens into the first line.");
        var environments = ImmutableArray.CreateBuilder<EnvironmentSpec>();
        var names = new List<string>();
        if (reader.Map("environments", "'environments'") is { } map)
        {
            foreach (var (key, value) in map.Entries())
            {
                names.Add(key.Text);
                if (!CheckName(key, "environment"))
                    continue;
                if (value is YamlMap inner)
                    environments.Add(ReadEnvironment(application, key.Text, new MapReader(inner, $"environment '{key.Text}'", _problems)));
                else
                    Report($"Environment '{key.Text}' must be a mapping (indented 'key: value' lines), not a {MapReader.Kind(value)}.", value.Where);
            }

            if (names.Count == 0)
                Report("The file has no environments.", map.Where, "Add one: a name with a 'url:' indented below it.");
        }
        else if (!reader.Has("environments"))
        {
            Report("The file has no environments.", reader.Where, "Add 'environments:' and, indented below, a name with a 'url:'.");
        }

        reader.Unsupported(UnsupportedKeys.OfFile);
        reader.Finish();
        CheckRequirements(names);
        return (application, [.. environments.Select(x => WithDefaultRequirement(x, names))]);
    }

    EnvironmentSpec ReadEnvironment(string application, string name, MapReader reader)
    {
        var owner = $"environment '{name}'";
        var isProtected = reader.Bool("protected") ?? name == "production";
        var platform = ReadChoice(reader, "platform", owner, Platforms, LaterPlatforms) ?? Local;
        _ = ReadChoice(reader, "strategy", owner, Strategies, LaterStrategies);
        var required = reader.Scalar("requires_verified_on", "the name of an environment, or 'none'");
        if (required is not null)
            _requirements.Add((required.Where, name, required.Text));
        var variables = ReadVariables(reader, owner);
        var verdicts = ReadVerdicts(reader, owner, isProtected);
        var services = ReadServices(reader, name, application, variables);
        reader.Unsupported(UnsupportedKeys.OfEnvironment);
        reader.Finish();
        return new EnvironmentSpec
        {
            Application = application,
            Name = name,
            Platform = platform,
            IsProtected = isProtected,
            Verdicts = verdicts,
            RequiresVerifiedOn = required?.Text,
            Services = services,
        };
    }

    ImmutableArray<ServiceSpec> ReadServices(MapReader reader, string environment, string application, ImmutableSortedDictionary<string, string> variables)
    {
        if (!reader.Has("services"))
        {
            _ = reader.Node("services");
            return [ReadService(reader, application, environment, $"environment '{environment}'", variables)];
        }

        // One service's settings beside several services: which one would they be for?
        foreach (var key in ServiceKeys.Prepend("url").Where(reader.Has))
        {
            _ = reader.Node(key);
            Report($"'{key}' stands beside 'services' in environment '{environment}'.", reader.KeyWhere(key), "Move it into the service that it is for.");
        }

        var services = ImmutableArray.CreateBuilder<ServiceSpec>();
        if (reader.Map("services", $"'services' of environment '{environment}'") is { } map)
        {
            foreach (var (key, value) in map.Entries())
            {
                var owner = $"service '{key.Text}' of environment '{environment}'";
                if (!CheckName(key, "service"))
                    continue;
                if (value is not YamlMap inner)
                {
                    Report($"{Capital(owner)} must be a mapping (indented 'key: value' lines), not a {MapReader.Kind(value)}.", value.Where);
                    continue;
                }

                var serviceReader = new MapReader(inner, owner, _problems);
                var own = variables.SetItems(ReadVariables(serviceReader, owner));
                services.Add(ReadService(serviceReader, key.Text, environment, owner, own));
                serviceReader.Unsupported(UnsupportedKeys.OfService);
                serviceReader.Finish();
            }

            if (!map.Entries().Any())
                Report($"Environment '{environment}' has no services.", map.Where, "Add one: a name with a 'url:' indented below it.");
        }

        return services.ToImmutable();
    }

    ServiceSpec ReadService(MapReader reader, string name, string environment, string owner, ImmutableSortedDictionary<string, string> variables)
    {
        var worker = reader.Bool("worker") ?? false;
        var url = ReadUrl(reader, name, environment, owner);
        var health = ReadPath(reader, "health", owner);
        var ready = ReadPath(reader, "ready", owner);
        if (!worker && !reader.Has("url"))
            Report($"{Capital(owner)} has no 'url'.", reader.Where, "Say where clients reach it, for instance 'url: http://127.0.0.1:5080', or write 'worker: true' when it has no HTTP.");
        foreach (var key in HttpKeys.Where(x => worker && reader.Has(x)))
            Report($"{Capital(owner)} is a worker, which has no HTTP, but has '{key}'.", reader.KeyWhere(key), $"Remove '{key}' or 'worker: true'.");

        var probe = new HealthProbe();
        var defaults = new ServiceSpec { Name = name, Artifact = name };
        return defaults with
        {
            Artifact = reader.Scalar("artifact", "the name of an artifact")?.Text ?? name,
            Url = worker ? null : url,
            Command = reader.Texts("command"),
            Replicas = reader.Count("replicas", 1000) ?? 1,
            Variables = variables,
            Probe = worker ? null : probe with { HealthPath = health ?? probe.HealthPath, ReadyPath = ready ?? probe.ReadyPath },
            StartupTimeout = reader.Duration("startup_timeout", orZero: false) ?? defaults.StartupTimeout,
            DrainTimeout = reader.Duration("drain_timeout", orZero: true) ?? defaults.DrainTimeout,
            StopGrace = reader.Duration("stop_grace", orZero: true) ?? defaults.StopGrace,
        };
    }

    Uri? ReadUrl(MapReader reader, string service, string environment, string owner)
    {
        if (reader.Scalar("url", "a URL") is not { } scalar)
            return null;
        const string Remedy = "The local platform serves plain HTTP on this machine: write for instance 'http://127.0.0.1:5080'.";
        if (!Uri.TryCreate(scalar.Text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            Report($"'url' of {owner} is not a URL: '{scalar.Text}'.", scalar.Where, Remedy);
        }
        else if (url.Scheme != "http" || url.PathAndQuery != "/" || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            Report($"'url' of {owner} must be 'http://' with a host and a port and nothing else, but is '{scalar.Text}'.", scalar.Where, Remedy);
        }
        else if (!IsLocalHost(url))
        {
            Report($"'url' of {owner} must be an address of this machine, but its host is '{url.Host}'.", scalar.Where, Remedy);
        }
        else
        {
            _localUrls.Add((scalar.Where, url, service, environment));
            return url;
        }

        return null;
    }

    static bool IsLocalHost(Uri url) => url.Host == "localhost" || IPAddress.TryParse(url.DnsSafeHost, out _);

    string? ReadPath(MapReader reader, string key, string owner)
    {
        if (reader.Scalar(key, "a path like /health") is not { } scalar)
            return null;
        if (scalar.Text.StartsWith('/') && !scalar.Text.Any(x => char.IsWhiteSpace(x) || char.IsControl(x)))
            return scalar.Text;
        Report($"'{key}' of {owner} must be a path that starts with '/', but is '{scalar.Text}'.", scalar.Where);
        return null;
    }

    ImmutableSortedDictionary<string, string> ReadVariables(MapReader reader, string owner)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (reader.Map("variables", $"'variables' of {owner}") is not { } map)
            return variables.ToImmutable();
        foreach (var (key, value) in map.Entries())
        {
            if (!VariableName().IsMatch(key.Text))
                Report($"'{key.Text}' cannot be the name of a variable.", key.Where, "Use letters, digits and underscores; the first is no digit.");
            else if (key.Text is "PORT" or "ASPNETCORE_URLS")
                Report($"The variable {key.Text} is set by the platform, which chooses the port of each replica.", key.Where, "Remove it; clients use 'url'.");
            else if (value is not YamlScalar scalar)
                Report($"The variable {key.Text} must have a single value, not a {MapReader.Kind(value)}.", value.Where);
            else
                variables[key.Text] = scalar.Text;
        }

        return variables.ToImmutable();
    }

    ImmutableSortedDictionary<string, VerdictRequirement> ReadVerdicts(MapReader reader, string owner, bool isProtected)
    {
        var verdicts = ImmutableSortedDictionary.CreateBuilder<string, VerdictRequirement>(StringComparer.Ordinal);
        foreach (var kind in DefaultVerdicts)
            verdicts[kind] = isProtected ? VerdictRequirement.Required : VerdictRequirement.WhenAvailable;
        if (reader.Map("verdicts", $"'verdicts' of {owner}") is not { } map)
            return verdicts.ToImmutable();
        foreach (var (key, value) in map.Entries())
        {
            switch ((value as YamlScalar)?.Text)
            {
                case "required":
                    verdicts[key.Text] = VerdictRequirement.Required;
                    break;
                case "when-available":
                    verdicts[key.Text] = VerdictRequirement.WhenAvailable;
                    break;
                case var other:
                    Report($"The verdict '{key.Text}' of {owner} must be 'required' or 'when-available'{(other is null ? "" : $", but is '{other}'")}.", value.Where);
                    break;
            }
        }

        return verdicts.ToImmutable();
    }

    string? ReadChoice(MapReader reader, string key, string owner, ImmutableArray<string> known, ImmutableArray<string> later)
    {
        if (reader.Node(key) is not { } node)
            return null;
        var text = (node as YamlScalar)?.Text;
        if (text is not null && known.Contains(text))
            return text;
        var list = $"Supported: {string.Join(", ", known)}.";
        if (text is null)
            Report($"'{key}' of {owner} must be one word, not a {MapReader.Kind(node)}.", node.Where, list);
        else if (later.Contains(text))
            Report($"The {key} '{text}' of {owner} is not supported by this version of Fairlead.", node.Where, list);
        else
            Report($"'{text}' is no {key} ({owner}).", node.Where, Suggestion.Sentence(text, known) ?? list);
        return null;
    }

    void CheckRequirements(IReadOnlyCollection<string> names)
    {
        foreach (var (where, environment, required) in _requirements)
        {
            if (required == environment)
                Report($"Environment '{environment}' cannot require its own verification.", where, "Name another environment, or 'none'.");
            else if (required != None && !names.Contains(required))
                Report($"'requires_verified_on' of environment '{environment}' names '{required}', which is no environment.", where, Suggestion.Sentence(required, names) ?? "Name one of this file, or 'none'.");
        }

        // Two environments that wait for each other would never get a release.
        var next = _requirements.Where(x => x.Required != x.Environment).ToDictionary(x => x.Environment, StringComparer.Ordinal);
        foreach (var (where, environment, _) in _requirements.Where(x => x.Required != x.Environment))
        {
            var path = new List<string> { environment };
            while (next.TryGetValue(path[^1], out var step) && path.Count <= next.Count && step.Required != environment)
                path.Add(step.Required);
            if (next.TryGetValue(path[^1], out var last) && last.Required == environment)
                Report($"'requires_verified_on' goes round in a circle: {string.Join(" → ", path.Append(environment))}.", where, "One of them must not wait.");
        }
    }

    static EnvironmentSpec WithDefaultRequirement(EnvironmentSpec environment, IReadOnlyCollection<string> names) => environment.RequiresVerifiedOn switch
    {
        None => environment with { RequiresVerifiedOn = null },
        null when environment.Name == "production" && names.Contains("staging") => environment with { RequiresVerifiedOn = "staging" },
        _ => environment,
    };

    void CheckPorts()
    {
        for (var i = 1; i < _localUrls.Count; i++)
        {
            var later = _localUrls[i];
            var earlier = _localUrls.Take(i).FirstOrDefault(x => x.Url.Port == later.Url.Port && SameHost(x.Url, later.Url));
            if (earlier.Url is not null)
            {
                Report(
                    $"Port {later.Url.Port} is used twice: by service '{later.Service}' of environment '{later.Environment}' and, in line {earlier.Where.Line}, by service '{earlier.Service}' of environment '{earlier.Environment}'.",
                    later.Where,
                    "Give each service of the local platform a port of its own.");
            }
        }

        static bool SameHost(Uri a, Uri b) => Normal(a) is var x && Normal(b) is var y && (x == y || x == "*" || y == "*");
        static string Normal(Uri url) => url.Host switch
        {
            "localhost" or "[::1]" => "127.0.0.1",
            "0.0.0.0" or "[::]" => "*",
            var host => host,
        };
    }

    bool CheckName(YamlScalar name, string what)
    {
        if (Name().IsMatch(name.Text))
            return true;
        Report($"'{name.Text}' cannot be the name of an {what}.".Replace("an service", "a service", StringComparison.Ordinal), name.Where, "Use lower-case letters, digits and hyphens, at most 63, the first a letter.");
        return false;
    }

    void Report(string message, SourceLocation where, string? remedy = null) => _problems.Add(new Problem(message, remedy, where));

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariableName();
}
