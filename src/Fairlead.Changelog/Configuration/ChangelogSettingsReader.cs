using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Fairlead.Tooling;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fairlead.Changelog;

/// <summary>Reads <c>.nuke/changelog.yml</c>. All mistakes are told at once, each with its place and what to do.</summary>
public sealed class ChangelogSettingsReader
{
    /// <summary>The file, from the root of a repository.</summary>
    public const string FileName = ".nuke/changelog.yml";

    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    readonly string _file;
    readonly List<Problem> _problems = [];

    ChangelogSettingsReader(string file) => _file = file;

    /// <summary>The settings of a repository; without a file, the defaults.</summary>
    /// <exception cref="ProblemsException">The file has mistakes.</exception>
    public static ChangelogSettings Load(AbsolutePath root)
    {
        var file = root / FileName;
        return file.FileExists() ? Parse(file.ReadAllText(), FileName) : new ChangelogSettings();
    }

    /// <summary>Reads the text of the file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ProblemsException">The text has mistakes.</exception>
    public static ChangelogSettings Parse(string text, string file)
    {
        var reader = new ChangelogSettingsReader(file);
        var settings = reader.Read(text);
        return reader._problems.Count == 0 ? settings : throw new ProblemsException([.. reader._problems.OrderBy(x => x.Where?.Line).ThenBy(x => x.Where?.Column)]);
    }

    ChangelogSettings Read(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            _problems.Add(new Problem($"This is not valid YAML: {exception.Message.TrimEnd('.')}.", "Check the indentation (spaces, no tabs), the colons and the quotes there and in the line above.", At(exception.Start)));
            return new ChangelogSettings();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The scanner gives up like this over some unfinished texts.
            _problems.Add(new Problem("This is not valid YAML.", "Check the braces, brackets and quotes.", new SourceLocation(_file)));
            return new ChangelogSettings();
        }

        return yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is YamlScalarNode { Value: null or "" } ? new ChangelogSettings() : Read(yaml.Documents[0].RootNode);
    }

    ChangelogSettings Read(YamlNode root)
    {
        var settings = new ChangelogSettings();
        foreach (var (key, value) in Entries(root, "the file", SettingKeys.Root))
        {
            settings = key switch
            {
                "types" => settings with { Types = Types(value) },
                "breaking-first" => settings with { BreakingFirst = Flag(key, value) },
                "contributors" => settings with { Contributors = Flag(key, value) },
                "fold-pre-releases" => settings with { FoldPreReleases = Flag(key, value) },
                "bots" => settings with { Bots = [.. settings.Bots, .. Texts(key, value)] },
                "forge" => settings with { Forge = Choice(key, value, SettingKeys.Forges) },
                "repository" => settings with { RepositoryUrl = Repository(value) },
                "issues" => Issues(settings, value),
                "templates" => settings with { Templates = Templates(value) },
                _ => settings with { ChangelogFile = Text(key, value) },
            };
        }

        if (settings.RepositoryUrl is not null && settings.LinksOf(null) is null && _problems.Count == 0)
            _problems.Add(new Problem("The kind of server cannot be told from 'repository'.", $"Add 'forge', one of: {string.Join(", ", SettingKeys.Forges.Select(x => x.Word))}.", new SourceLocation(_file)));
        return settings;
    }

    // Those that are named come first, in their order.
    ImmutableArray<ChangeType> Types(YamlNode node)
    {
        var named = ImmutableArray.CreateBuilder<ChangeType>();
        foreach (var (name, value) in Entries(node, "types", null))
        {
            var type = ChangeType.Defaults.FirstOrDefault(x => x.Name == name) ?? new ChangeType(name.ToLowerInvariant(), name, "Changed", Audience.Users, []);
            if (value is YamlScalarNode)
            {
                named.Add(type with { Audience = Choice(name, value, SettingKeys.Audiences) });
                continue;
            }

            foreach (var (key, part) in Entries(value, $"type '{name}'", SettingKeys.Type))
            {
                type = key switch
                {
                    "title" => type with { Title = Text(key, part) },
                    "section" => type with { Section = Text(key, part) },
                    "audience" => type with { Audience = Choice(key, part, SettingKeys.Audiences) },
                    _ => type with { Aliases = [.. Texts(key, part).Select(x => x.ToLowerInvariant())] },
                };
            }

            named.Add(type);
        }

        return [.. named, .. ChangeType.Defaults.Where(x => named.All(y => y.Name != x.Name))];
    }

    ChangelogSettings Issues(ChangelogSettings settings, YamlNode node)
    {
        foreach (var (key, value) in Entries(node, "issues", SettingKeys.Issues))
            settings = key == "pattern" ? settings with { IssueKeys = Pattern(value) } : settings with { IssueUrl = IssueUrl(value) };
        return settings;
    }

    ImmutableSortedDictionary<DocumentKind, string> Templates(YamlNode node) =>
        Entries(node, "templates", [.. SettingKeys.Templates.Select(x => x.Word)])
            .ToImmutableSortedDictionary(x => SettingKeys.Templates.Single(y => y.Word == x.Key).Value, x => Text(x.Key, x.Value));

    Regex? Pattern(YamlNode node)
    {
        var pattern = Text("pattern", node);
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (ArgumentException exception)
        {
            Report(node, $"'pattern' is not a regular expression: {exception.Message}", "Write, for instance, pattern: 'SHOP-[0-9]+'.");
            return null;
        }
    }

    string IssueUrl(YamlNode node)
    {
        var url = Text("url", node);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || url.Any(x => x is ' ' or '(' or ')' or '<' or '>' or '"') || !url.Contains("{key}", StringComparison.Ordinal))
            Report(node, "'url' is not an address with '{key}' in it.", "Write, for instance, url: https://issues.example.org/browse/{key}");
        return url;
    }

    string Repository(YamlNode node)
    {
        var url = Text("repository", node);
        if (RepositoryLinks.FromRemote(url, Forge.GitHub) is null)
            Report(node, "'repository' is not the address of a repository.", "Write, for instance, repository: https://git.example.org/team/shop");
        return url;
    }

    IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node, string owner, ImmutableArray<string>? known)
    {
        if (node is not YamlMappingNode map)
        {
            Report(node, $"Keys with values are expected in {owner}.", known is null ? null : $"Known keys: {string.Join(", ", known)}.");
            yield break;
        }

        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
                Report(key, "A key must be a word.", null);
            else if (known?.Contains(name) == false)
                Report(key, $"'{name}' is not a key of {owner}.", Suggestion.Sentence(name, known) ?? $"Known keys: {string.Join(", ", known)}.");
            else
                yield return (name, value);
        }
    }

    string Text(string key, YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
            return text;
        Report(node, $"'{key}' must be a text.", null);
        return "";
    }

    IEnumerable<string> Texts(string key, YamlNode node)
    {
        if (node is YamlSequenceNode list)
            return [.. list.Children.Select(x => Text(key, x))];
        Report(node, $"'{key}' must be a list of texts, for instance [one, two].", null);
        return [];
    }

    bool Flag(string key, YamlNode node)
    {
        if (node is YamlScalarNode { Value: "true" or "false" } flag)
            return flag.Value == "true";
        Report(node, $"'{key}' must be true or false.", null);
        return false;
    }

    T Choice<T>(string key, YamlNode node, ImmutableArray<(string Word, T Value)> choices)
        where T : struct
    {
        var word = (node as YamlScalarNode)?.Value ?? "";
        foreach (var choice in choices)
        {
            if (choice.Word == word)
                return choice.Value;
        }

        Report(node, $"'{key}' must be one of {string.Join(", ", choices.Select(x => x.Word))}, but is '{word}'.", Suggestion.Sentence(word, choices.Select(x => x.Word)));
        return default;
    }

    void Report(YamlNode node, string message, string? remedy) => _problems.Add(new Problem(message, remedy, At(node.Start)));

    SourceLocation At(Mark mark) => new(_file, (int)mark.Line, (int)mark.Column);
}
