using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Turns <c>environments.yml</c> into environments and problems: finds the layers of each environment and merges them.</summary>
sealed partial class EnvironmentsReader(string file)
{
    const string None = "none";
    const string Matrix = "approvals";

    static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(10);

    readonly List<(SourceLocation Where, Uri Url, string Service, string Environment)> _addresses = [];
    FileReading _reading = null!;

    /// <summary>What the readers asked for; a test compares it with the table of keys.</summary>
    public IReadOnlySet<(string Section, string Key)> Asked => _reading.Asked;

    public EnvironmentsFile Read(string text, string defaultApplication)
    {
        var application = defaultApplication;
        var store = new StoreSpec();
        ImmutableArray<EnvironmentSpec> environments = [];
        var syntax = new List<Problem>();
        var root = YamlText.Read(text, file, syntax);
        _reading = new FileReading(root is YamlMap whole ? Layers.Of(whole) : new Layers());
        foreach (var problem in syntax)
            _reading.Report(problem);
        if (root is YamlMap map)
            (application, store, environments) = ReadFile(map, defaultApplication);
        else if (root is not null || syntax.Count == 0)
            Report("The file has no environments.", root?.Where ?? new SourceLocation(file), "Start it with 'environments:' and, indented below, a name with a 'url:'.");

        CheckPorts();
        var ordered = _reading.Problems.OrderBy(x => x.Where?.Line).ThenBy(x => x.Where?.Column);
        return new EnvironmentsFile { Application = application, Store = store, Environments = environments, Problems = [.. ordered] };
    }

    (string Application, StoreSpec Store, ImmutableArray<EnvironmentSpec> Environments) ReadFile(YamlMap root, string defaultApplication)
    {
        var scope = new ReadingScope(_reading, Layers.File, [], new Dictionary<string, SettingOrigin>(StringComparer.Ordinal));
        var reader = new MapReader(root, EnvironmentKeys.File, Layers.File, scope, "");
        var application = reader.Scalar("application", "a name") is { } name && CheckName(name, "application", Report) ? name.Text : defaultApplication;
        if (!reader.Has("application") && !Name().IsMatch(defaultApplication))
            Report($"'{defaultApplication}' cannot be the name of an application.", reader.Where, "Write 'application:' with a name of lower-case letters, digits and hyphens into the first line.");

        var store = ReadStore(reader);
        _reading.Groups = ApprovalsReader.Groups(reader);

        // Only the check that it is a mapping; what it says is read as a part of each environment.
        var defaults = reader.Node("defaults") switch
        {
            YamlMap map => map,
            null => null,
            _ => reader.Section("defaults", EnvironmentKeys.Defaults)?.Map,
        };
        if (defaults?.Entries.FirstOrDefault(x => x.Key.Text == "extends").Key is { } extends)
        {
            Report("'extends' is not a key of 'defaults'.", extends.Where, "The defaults are what every environment extends; write 'extends' into an environment.");
            defaults = Without(defaults, "extends");
        }

        var maps = new Dictionary<string, YamlMap>(StringComparer.Ordinal);
        var names = new List<string>();
        if (reader.Section("environments", EnvironmentKeys.Environments, "'environments'") is { } environments)
        {
            foreach (var (key, value) in environments.Entries())
            {
                names.Add(key.Text);
                if (!CheckName(key, "environment", Report))
                    continue;
                if (value is YamlMap inner)
                    maps[key.Text] = inner;
                else
                    Report($"Environment '{key.Text}' must be a mapping (indented 'key: value' lines), not a {MapReader.Kind(value)}.", value.Where);
            }

            if (environments.Map.Entries.IsEmpty)
                Report("The file has no environments.", environments.Where, "Add one: a name with a 'url:' indented below it.");
        }
        else if (!reader.Has("environments"))
        {
            Report("The file has no environments.", reader.Where, "Add 'environments:' and, indented below, a name with a 'url:'.");
        }

        CheckMatrix(root, names);
        if (defaults is not null)
            CheckMatrix(defaults, names);
        var specs = names.Distinct(StringComparer.Ordinal).Where(maps.ContainsKey).Select(x => ReadEnvironment(root, defaults, maps, names, application, x)).ToList();
        CheckRequirements(specs, names);
        return (application, store, [.. specs.Select(x => WithDefaultRequirement(x, names))]);
    }

    static StoreSpec ReadStore(MapReader file)
    {
        if (file.Has("store") && file.Map.Entries.First(x => x.Key.Text == "store").Value is YamlScalar)
        {
            _ = file.Choice("store", ("files", true));
            return new StoreSpec();
        }

        if (file.Section("store", EnvironmentKeys.Store, "'store'") is not { } section)
            return new StoreSpec();
        var store = new StoreSpec { Git = section.Text("git", "'origin', another remote, or a URL"), Lease = section.Duration("lease", orZero: false) ?? new StoreSpec().Lease };
        if (!section.Has("git"))
            section.Scope.Report("'store' does not say where.", section.Where, "Add 'git: origin', or write 'store: files'.");
        if (store.Lease < ShortestLease)
            section.Scope.Report($"A lease of {Durations.Format(store.Lease)} is too short: a slow network would lose the lock.", section.KeyWhere("lease"), $"Write {Durations.Format(ShortestLease)} or more.");
        return store;
    }

    EnvironmentSpec ReadEnvironment(YamlMap root, YamlMap? defaults, Dictionary<string, YamlMap> maps, List<string> names, string application, string name)
    {
        var bases = Bases(name, maps, names);
        ImmutableArray<string> chain = [Layers.File, Layers.Defaults, .. bases.Reverse().Select(Layers.Environment), Layers.Environment(name)];
        var merged = RowOf(root with { Entries = [.. root.Entries.Where(x => EnvironmentKeys.OfTop.Any(key => key.Answers(x.Key.Text)))] }, name);
        foreach (var layer in (IEnumerable<YamlMap?>)[defaults is null ? null : RowOf(defaults, name), .. bases.Reverse().Select(x => Without(maps[x], "extends")), maps[name]])
            merged = layer is null ? merged : YamlMerge.Merge(merged, layer);
        merged = merged with { Where = maps[name].Where };

        var origins = new Dictionary<string, SettingOrigin>(StringComparer.Ordinal);
        var owner = Layers.Environment(name);
        var scope = new ReadingScope(_reading, owner, chain, origins);
        scope.Record("", merged.Where);
        var map = new MapReader(merged, EnvironmentKeys.Environment, owner, scope, "");
        _ = map.Scalar("extends", "the name of an environment");
        var reader = new EnvironmentReader(map, application, name);
        var before = _reading.Problems.Count;
        var spec = reader.Read() with { Origins = origins.ToImmutableSortedDictionary(StringComparer.Ordinal) };
        _addresses.AddRange(spec.Services.Where(x => x.Url is not null).Select(x => (reader.AddressPlaces[x.Name], x.Url!, x.Name, name)));

        // A value that could not be read was replaced by a default, about which the rules would then complain.
        if (_reading.Problems.Count == before)
        {
            foreach (var problem in spec.Validate())
                scope.Report(problem.Message, problem.Where ?? merged.Where, problem.Remedy);
        }

        return spec;
    }

    /// <summary>The environments that one extends, the nearest first.</summary>
    ImmutableArray<string> Bases(string name, Dictionary<string, YamlMap> maps, List<string> names)
    {
        var path = new List<string> { name };
        while (maps[path[^1]].Entries.FirstOrDefault(x => x.Key.Text == "extends").Value is YamlScalar { IsNull: false } extends)
        {
            if (path.Contains(extends.Text))
            {
                var circle = path.SkipWhile(x => x != extends.Text).Append(extends.Text).ToList();
                // Told where it is closed, by its members alone: not by those who extend one of them.
                if (extends.Text == name)
                    Report($"'extends' goes round in a circle: {string.Join(" → ", circle)}.", maps[name].Entries.First(x => x.Key.Text == "extends").Value.Where, "One of them must not extend another.");
                break;
            }

            if (!maps.ContainsKey(extends.Text))
            {
                if (!names.Contains(extends.Text))
                    Report($"'extends' of environment '{path[^1]}' names '{extends.Text}', which is no environment.", extends.Where, Suggestion.Sentence(extends.Text, names) ?? "Name one of this file.");
                break;
            }

            path.Add(extends.Text);
        }

        return [.. path.Skip(1)];
    }

    /// <summary>A layer of all environments as one of them gets it: of the matrix of approvals its own row.</summary>
    static YamlMap RowOf(YamlMap layer, string environment)
    {
        if (layer.Entries.FirstOrDefault(x => x.Key.Text == Matrix) is not { Key: { } key, Value: YamlMap approvals })
            return layer;
        var common = approvals with { Entries = [.. approvals.Entries.Where(x => EnvironmentKeys.Approval.Knows(x.Key.Text))] };
        var row = approvals.Entries.FirstOrDefault(x => x.Key.Text == environment && !EnvironmentKeys.Approval.Knows(x.Key.Text));
        var own = row.Value switch
        {
            null => common,
            YamlMap map => YamlMerge.Merge(common, map),
            var wrong => wrong,
        };
        var rest = layer.Entries.Where(x => x.Key.Text != Matrix);
        return layer with
        {
            Entries = own is YamlMap { Entries.IsEmpty: true } ? [.. rest] : [.. rest, ((row.Key ?? key) with { Text = Matrix }, own)],
        };
    }

    void CheckMatrix(YamlMap layer, List<string> names)
    {
        if (layer.Entries.FirstOrDefault(x => x.Key.Text == Matrix).Value is not YamlMap approvals)
            return;
        foreach (var key in approvals.Entries.Select(x => x.Key).Where(x => !EnvironmentKeys.Approval.Knows(x.Text) && !names.Contains(x.Text)))
        {
            Report(
                $"'{key.Text}' of 'approvals' is neither a key of it nor an environment.",
                key.Where,
                Suggestion.Sentence(key.Text, names.Concat(EnvironmentKeys.Approval.Keys.Select(x => x.Name))) ?? "Write environments of this file, or 'required', 'approvers' and 'minimum_approvals' for all.");
        }
    }

    static YamlMap Without(YamlMap map, string key) => map with { Entries = [.. map.Entries.Where(x => x.Key.Text != key)] };

    void CheckRequirements(IReadOnlyCollection<EnvironmentSpec> specs, IReadOnlyCollection<string> names)
    {
        var requirements = specs.Where(x => x.RequiresVerifiedOn is not null)
            .Select(x => (Where: x.OriginOf("requires_verified_on")!.Where, Environment: x.Name, Required: x.RequiresVerifiedOn!))
            .ToList();
        foreach (var (where, environment, required) in requirements)
        {
            if (required == environment)
                Report($"Environment '{environment}' cannot require its own verification.", where, "Name another environment, or 'none'.");
            else if (required != None && !names.Contains(required))
                Report($"'requires_verified_on' of environment '{environment}' names '{required}', which is no environment.", where, Suggestion.Sentence(required, names) ?? "Name one of this file, or 'none'.");
        }

        // Two environments that wait for each other would never get a release.
        var next = requirements.Where(x => x.Required != x.Environment).ToDictionary(x => x.Environment, StringComparer.Ordinal);
        foreach (var (where, environment, _) in requirements.Where(x => x.Required != x.Environment))
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
        for (var i = 1; i < _addresses.Count; i++)
        {
            var later = _addresses[i];
            var earlier = _addresses.Take(i).FirstOrDefault(x => x.Url.Port == later.Url.Port && SameHost(x.Url, later.Url));
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

    public static bool CheckName(YamlScalar name, string what, Action<string, SourceLocation?, string?> report)
    {
        if (what == "environment" && name.Text == EnvironmentNames.Audit)
        {
            report($"No environment can be called '{EnvironmentNames.Audit}': the audit log is kept under that name.", name.Where, "Take another name.");
            return false;
        }

        if (Name().IsMatch(name.Text))
            return true;
        report($"'{name.Text}' cannot be the name of {(what == "service" ? "a" : "an")} {what}.", name.Where, "Use lower-case letters, digits and hyphens, at most 63, the first a letter.");
        return false;
    }

    void Report(string message, SourceLocation? where, string? remedy = null) => _reading.Report(new Problem(message, remedy, where));

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
