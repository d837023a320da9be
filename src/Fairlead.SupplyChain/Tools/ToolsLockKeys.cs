using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.SupplyChain;

/// <summary>Every key of <c>.nuke/tools.lock.json</c>.</summary>
static class ToolsLockKeys
{
    /// <summary>A source while it is read.</summary>
    public sealed record SourceDraft
    {
        public string? Url { get; init; }
        public string? Sha256 { get; init; }
        public string? Npm { get; init; }
        public string? Version { get; init; }
        public string? Integrity { get; init; }
        public string? Member { get; init; }
        public string? Program { get; init; }
    }

    /// <summary>A tool while it is read.</summary>
    public sealed record ToolDraft
    {
        public string? Version { get; init; }
        public bool IgnorePath { get; init; }
        public ImmutableSortedDictionary<string, ImmutableArray<ToolSource>> Platforms { get; init; } = ImmutableSortedDictionary.Create<string, ImmutableArray<ToolSource>>(StringComparer.Ordinal);
    }

    public static ImmutableArray<string> PlatformNames { get; } = ["linux-x64", "linux-arm64", "linux-musl-x64", "linux-musl-arm64", "osx-x64", "osx-arm64", "win-x64", "win-arm64"];

    static readonly ImmutableArray<string> RequiredOfTool = ["version", "platforms"];
    static readonly ImmutableArray<string> OfDownload = ["sha256"];
    static readonly ImmutableArray<string> OfNpm = ["version", "integrity"];

    static KeySection<SourceDraft> Source { get; } = new(
    [
        Key<SourceDraft>.Of("url", PolicyShapes.Address, "The address of a file to download.", (x, value) => x with { Url = value }),
        Key<SourceDraft>.Of("sha256", PolicyShapes.Sha256, "SHA-256 of the downloaded file.", (x, value) => x with { Sha256 = value }),
        Key<SourceDraft>.Of("npm", PolicyShapes.Text, "The name of an npm package.", (x, value) => x with { Npm = value }),
        Key<SourceDraft>.Of("version", PolicyShapes.Text, "The exact version of the npm package.", (x, value) => x with { Version = value }),
        Key<SourceDraft>.Of("integrity", PolicyShapes.Integrity, "SHA-512 of the npm package's tarball, as npm writes it.", (x, value) => x with { Integrity = value }),
        Key<SourceDraft>.Of("member", PolicyShapes.Text, "The program's path inside the archive or package.", (x, value) => x with { Member = value }),
        Key<SourceDraft>.Of("program", PolicyShapes.Sha256, "SHA-256 of the program itself.", (x, value) => x with { Program = value }),
    ]);

    static KeySection<ToolDraft> Tool { get; } = new(
    [
        Key<ToolDraft>.Of("version", PolicyShapes.Text, "The tool's version.", (x, value) => x with { Version = value }),
        Key<ToolDraft>.Of("ignore_path", PolicyShapes.Flag, "Whether a program of this name on the PATH is passed over; by default it is used.", (x, value) => x with { IgnorePath = value }),
        new("platforms", "platforms with lists of sources", "Where the tool comes from, by platform; the places are tried in their order.", PlatformsSchema, ReadPlatforms),
    ]);

    public static KeySection<ToolsLock> Section { get; } = new(
    [
        Key<ToolsLock>.Of("$schema", PolicyShapes.Text, "The schema, for editors.", (x, _) => x),
        new("tools", "tools by name", "The tools by name.", () => MapOf(Tool.Schema()), ReadTools),
    ]);

    static ToolsLock ReadTools(ToolsLock file, YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            reading.Report(value, "'tools' must be tools by name.");
            return file;
        }

        foreach (var (name, content) in map.Entries)
        {
            if (content is not YamlMap keys)
            {
                reading.Report(content, $"'{name.Text}' must be keys with values.");
                continue;
            }

            var draft = Tool.Apply(new ToolDraft(), keys, reading);
            foreach (var missing in RequiredOfTool.Where(x => keys.Find(x) is null))
                reading.Report(name, $"'{name.Text}' has no '{missing}'.");
            if (!name.Text.All(x => char.IsAsciiLetterOrDigit(x) || x is '-' or '_' or '.') || name.Text.StartsWith('.'))
                reading.Report(name, $"'{name.Text}' is no name of a program.");
            file = file with
            {
                Tools = file.Tools.SetItem(name.Text, new LockedTool(name.Text, draft.Version ?? "", draft.Platforms) { IgnorePath = draft.IgnorePath, Where = reading.At(name.Span) }),
            };
        }

        return file;
    }

    static ToolDraft ReadPlatforms(ToolDraft tool, YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            reading.Report(value, "'platforms' must be platforms with lists of sources.");
            return tool;
        }

        foreach (var (name, content) in map.Entries)
        {
            if (!PlatformNames.Contains(name.Text))
                reading.Report(name, $"There is no platform '{name.Text}'.", Suggestion.Sentence(name.Text, PlatformNames) ?? $"The platforms are: {string.Join(", ", PlatformNames)}.");
            if (content is YamlList list && list.Items.Length > 0)
                tool = tool with { Platforms = tool.Platforms.SetItem(name.Text, [.. list.Items.Select(x => ReadSource(x, reading)).OfType<ToolSource>()]) };
            else
                reading.Report(content, $"'{name.Text}' must be a list of sources.");
        }

        return tool;
    }

    static ToolSource? ReadSource(YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            reading.Report(value, "A source must be keys with values.", "It has 'url' or 'npm'.");
            return null;
        }

        var draft = Source.Apply(new SourceDraft(), map, reading);
        bool Has(string key) => map.Find(key) is not null;
        if (Has("url") == Has("npm"))
        {
            reading.Report(value, "A source must have either 'url' or 'npm'.");
            return null;
        }

        string[] required = Has("npm") ? ["npm", "version", "integrity", "member", "program"] : Has("member") ? ["url", "sha256", "program"] : ["url", "sha256"];
        var missing = required.Where(x => !Has(x)).ToList();
        if (missing.Count > 0)
            reading.Report(value, $"This source has no {string.Join(" and no ", missing.Select(x => $"'{x}'"))}.", "Nothing is fetched without its digest.");
        var unused = (Has("npm") ? OfDownload : OfNpm).Where(Has).ToList();
        if (unused.Count > 0)
            reading.Report(value, $"{string.Join(" and ", unused.Select(x => $"'{x}'"))} means nothing {(Has("npm") ? "for an npm package" : "for a download")}.", "Remove it.");
        if (draft.Version is { } version && !version.All(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '-' or '+'))
            reading.Report(map.Find("version")!.Value, $"'{version}' is not one exact version.");
        if (draft.Npm is { } package && !package.All(x => char.IsAsciiLetterOrDigit(x) || x is '@' or '/' or '-' or '_' or '.'))
            reading.Report(map.Find("npm")!.Value, $"'{package}' is no name of an npm package.");
        return draft switch
        {
            { Npm: { } npm, Version: { } exact, Integrity: { } integrity, Member: { } member, Program: { } program } => new ToolSource.Npm(npm, exact, integrity, member, program),
            { Url: { } url, Sha256: { } file } when draft.Member is null || draft.Program is not null => new ToolSource.Download(url, file, draft.Member, draft.Program ?? file),
            _ => null,
        };
    }

    static JsonObject PlatformsSchema()
    {
        var source = Source.Schema();
        source["type"] = "object";
        var properties = new JsonObject();
        foreach (var name in PlatformNames)
            properties[name] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = source.DeepClone() };
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    static JsonObject MapOf(JsonObject value) => new() { ["type"] = "object", ["additionalProperties"] = value };
}
