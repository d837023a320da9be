using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>Reads <c>.nuke/release.yml</c>.</summary>
public static class ReleaseSettingsReader
{
    /// <summary>The file, from the root.</summary>
    public const string FileName = ".nuke/release.yml";

    const string UsualChangelog = "CHANGELOG.md";

    static readonly Shape<ImmutableArray<VersionPlace>> Places = new(
        "a list of files, each a path or 'path' and 'pattern'",
        () => new() { ["type"] = "array" },
        value => value is YamlList list ? [.. list.Items.Select(Place)] : throw new ShapeException(value));

    static readonly Shape<string?> ChangelogPath = new(
        "a path, or false",
        () => new() { ["type"] = "string" },
        value => (value as YamlScalar)?.Text.ToUpperInvariant() switch
        {
            "FALSE" => null,
            "TRUE" => UsualChangelog,
            _ => Inside(value),
        });

    static readonly ImmutableArray<Key<ReleasePackage>> Shared =
    [
        Key<ReleasePackage>.Of("version-files", Places, "Files that the version is written into.", (x, value) => x with { VersionFiles = value }),
        Key<ReleasePackage>.Of("changelog", ChangelogPath, "The changelog; false for none.", (x, value) => x with { Changelog = value }),
    ];

    static readonly KeySection<ReleasePackage> PackageKeys = new(
    [
        Key<ReleasePackage>.Of("paths", Shapes.Texts, "What belongs to the package: directories, files, patterns of git.", (x, value) => x with { Paths = value }),
        Key<ReleasePackage>.Of("tag-prefix", Shapes.Text, "What stands before the version in its tags, literally.", (x, value) => x with { TagPrefix = value }),
        .. Shared,
    ]);

    static readonly KeySection<ReleaseSettings> Keys = new(
    [
        .. Shared.Select(x => x.In<ReleaseSettings>(y => y.Whole, (y, value) => y with { Whole = value })),
        new("packages", "packages with their keys", "Parts of the repository that are released by themselves.", () => new() { ["type"] = "object" }, ApplyPackages),
    ]);

    /// <summary>Reads the file of a repository. Without one the whole repository is released, and into <c>CHANGELOG.md</c> where there is one.</summary>
    /// <param name="root">The root of the work tree.</param>
    /// <exception cref="ProblemsException">All mistakes of the file.</exception>
    public static ReleaseSettings Load(AbsolutePath root)
    {
        var file = root / FileName;
        if (file.DirectoryExists())
            throw new UserErrorException($"'{FileName}' is a directory, and a file is expected there.", "Rename it.");
        return file.FileExists() ? Parse(file.ReadAllText(), HasChangelog) : Parse("", HasChangelog);

        bool HasChangelog(string path) => (root / path).FileExists();
    }

    /// <summary>Reads the text of the file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="exists">Whether there is a file: a changelog that nobody named is used where there is one.</param>
    /// <exception cref="ProblemsException">All mistakes of the file.</exception>
    public static ReleaseSettings Parse(string text, Func<string, bool> exists)
    {
        var reading = new FileReading(FileName);
        var settings = new ReleaseSettings { Whole = new ReleasePackage { Changelog = exists(UsualChangelog) ? UsualChangelog : null } };
        var map = YamlReader.Read(text.TrimStart('\uFEFF'), reading);
        reading.ThrowIfAny();
        if (map is not null)
            settings = Keys.Apply(settings, map, reading);
        reading.ThrowIfAny();
        return settings;
    }

    static ReleaseSettings ApplyPackages(ReleaseSettings settings, YamlValue value, FileReading reading)
    {
        if (value is not YamlMap map)
        {
            reading.Report(value, "'packages' must be names with keys.", "Write, for instance, 'core:' below it and 'paths: [src/core]' below that, each indented further.");
            return settings;
        }

        foreach (var (name, keys) in map.Entries)
        {
            var package = new ReleasePackage { Name = name.Text, TagPrefix = $"{name.Text}/v" };
            if (keys is YamlMap own)
                package = PackageKeys.Apply(package, own, reading);
            if (package.Paths.IsEmpty)
                reading.Report(name, $"The package '{name.Text}' has no paths.", "Write, for instance, 'paths: [src/core]' below it: commits that touch them change the package.");
            if (!IsTagPrefix(package.TagPrefix!))
                reading.Report(name, $"'{package.TagPrefix}' cannot stand before a version in a tag.", "Write 'tag-prefix:' with letters, digits, hyphens, dots and slashes.");
            if (settings.Packages.FirstOrDefault(x => x.TagPrefix == package.TagPrefix) is { } same)
                reading.Report(name, $"The packages '{same.Name}' and '{name.Text}' have the same tag-prefix, '{package.TagPrefix}'.", "Give each its own: their tags could not be told apart.");
            settings = settings with { Packages = settings.Packages.Add(package) };
        }

        return settings;
    }

    static string Inside(YamlValue value) =>
        value is YamlScalar { IsNull: false, Text: { Length: > 0 } path } && !Path.IsPathRooted(path) && !path.Contains('\\', StringComparison.Ordinal) && !path.Split('/').Contains("..")
            ? path
            : throw new ShapeException(value, "Write a path from the root of the repository, with slashes: docs/CHANGELOG.md.");

    static VersionPlace Place(YamlValue value)
    {
        if (value is YamlScalar { IsNull: false })
            return new VersionPlace(Inside(value));
        if (value is not YamlMap map || map.Find("path")?.Value is not YamlScalar { IsNull: false } file)
            throw new ShapeException(value, "Write a path, or a path and a pattern: { path: README.md, pattern: 'Version (?<version>\\S+)' }.");
        if (map.Entries.FirstOrDefault(x => x.Key.Text is not ("path" or "pattern" or "variable" or "several")) is { } unknown)
            throw new ShapeException(unknown.Key, "The keys are: path, pattern, variable, several.");
        if (map.Find("pattern")?.Value is not { } pattern)
            return new VersionPlace(Inside(file));
        var place = new VersionPattern(Shapes.Pattern.Parse(pattern));
        if (map.Find("variable")?.Value is { } variable)
            place = place with { Variable = Shapes.Text.Parse(variable) };
        if (map.Find("several")?.Value is { } several)
            place = place with { SeveralTimes = Shapes.Flag.Parse(several) };
        return new VersionPlace(Inside(file), place);
    }

    // What git allows in the name of a reference, and a little less.
    static bool IsTagPrefix(string prefix) =>
        prefix.All(x => char.IsAsciiLetterOrDigit(x) || x is '-' or '.' or '/' or '_' or '@') && !prefix.StartsWith('-') && !prefix.StartsWith('/') && !prefix.StartsWith('.')
        && !prefix.Contains("..", StringComparison.Ordinal) && !prefix.Contains("//", StringComparison.Ordinal) && !prefix.Contains("/.", StringComparison.Ordinal);
}
