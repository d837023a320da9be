using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Fairlead.Tooling;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fairlead.Versioning;

/// <summary>What <c>GitVersion.yml</c> says, as far as it is honoured: <c>tag-prefix</c> and <c>next-version</c>.</summary>
public sealed record VersionSettings
{
    /// <summary>The file name that is looked for in the root of a repository.</summary>
    public const string FileName = "GitVersion.yml";

    /// <summary>The prefix of version tags when the file does not say: <c>v</c>, <c>V</c> or none.</summary>
    public const string DefaultTagPrefix = "[vV]?";

    static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    /// <summary>A regular expression for what stands before the version in a tag.</summary>
    public string TagPrefix { get; init; } = DefaultTagPrefix;

    /// <summary>The next version is not lower than this. Null: no such limit.</summary>
    public SemanticVersion? NextVersion { get; init; }

    /// <summary>Keys of the file that are not honoured yet, one warning for each. They change no version.</summary>
    public ImmutableArray<Problem> Warnings { get; init; } = [];

    /// <summary>Reads the file of a repository; without one, the defaults.</summary>
    /// <param name="repositoryRoot">The root of the work tree.</param>
    /// <exception cref="ProblemsException">The file is not YAML, or a value is not what its key wants.</exception>
    public static VersionSettings Load(AbsolutePath repositoryRoot)
    {
        var file = repositoryRoot / FileName;
        return file.FileExists() ? Parse(file.ReadAllText()) : new VersionSettings();
    }

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="ProblemsException">The text is not YAML, or a value is not what its key wants.</exception>
    public static VersionSettings Parse(string text)
    {
        var settings = new VersionSettings();
        List<Problem> problems = [];
        List<Problem> warnings = [];
        foreach (var (key, value) in Entries(text))
        {
            switch (key.Value)
            {
                case "tag-prefix" when value is YamlScalarNode { Value: { } prefix } && IsPattern(prefix):
                    settings = settings with { TagPrefix = prefix };
                    break;
                case "tag-prefix":
                    problems.Add(new Problem("tag-prefix is not a regular expression.", $"Write, for instance, tag-prefix: '{DefaultTagPrefix}'.", Where(value)));
                    break;
                case "next-version" when value is YamlScalarNode { Value: { } version } && Padded(version) is { } parsed:
                    settings = settings with { NextVersion = parsed };
                    break;
                case "next-version":
                    problems.Add(new Problem("next-version is not a version.", "Write, for instance, next-version: 2.0.0.", Where(value)));
                    break;
                default:
                    warnings.Add(new Problem($"'{key.Value}' is not honoured yet.", "Only tag-prefix and next-version are.", Where(key)));
                    break;
            }
        }

        return problems.Count == 0 ? settings with { Warnings = [.. warnings] } : throw new ProblemsException(problems);
    }

    /// <summary>The version that a tag names, or null when it names none.</summary>
    internal SemanticVersion? VersionOf(string tag)
    {
        try
        {
            var prefix = Regex.Match(tag, $"^(?:{TagPrefix})", RegexOptions.CultureInvariant, MatchLimit);
            return prefix.Success && SemanticVersion.TryParse(tag[prefix.Length..], out var version)
                ? new SemanticVersion(version.Major, version.Minor, version.Patch, version.PreRelease)
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw new UserErrorException($"tag-prefix '{TagPrefix}' takes too long on the tag '{tag}'.", $"Simplify it in {FileName}.");
        }
    }

    static List<(YamlScalarNode Key, YamlNode Value)> Entries(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            var where = new SourceLocation(FileName, (int)exception.Start.Line, (int)exception.Start.Column);
            throw new ProblemsException([new Problem("This is not YAML: " + exception.Message, Where: where)]);
        }

        return (yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode) switch
        {
            null or YamlScalarNode { Value: null or "" } => [],
            YamlMappingNode map => [.. map.Children.Where(x => x.Key is YamlScalarNode).Select(x => ((YamlScalarNode)x.Key, x.Value))],
            var other => throw new ProblemsException([new Problem("Keys with values are expected here.", Where: Where(other))]),
        };
    }

    static SourceLocation Where(YamlNode node) => new(FileName, (int)node.Start.Line, (int)node.Start.Column);

    // GitVersion takes 2 and 2.1 as well.
    static SemanticVersion? Padded(string text) =>
        SemanticVersion.TryParse(text.Split('.').Length switch { 1 => text + ".0.0", 2 => text + ".0", _ => text }, out var version) ? version : null;

    static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, MatchLimit);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
