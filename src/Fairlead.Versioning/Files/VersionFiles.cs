using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Writes a version into the text of project and package files. Pure: nothing is read or written, and all but the version stays as it is.
/// Doing it twice changes nothing more.
/// </summary>
public static class VersionFiles
{
    const char ByteOrderMark = '\uFEFF';

    /// <summary>Writes the version into a file of a kind that is known by its name: MSBuild projects and props, package.json, package-lock.json, Chart.yaml.</summary>
    /// <param name="path">The file, as the user would type it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="version">The version.</param>
    public static VersionFileEdit Plan(string path, string text, VersionVariables version)
    {
        var name = Path.GetFileName(path);
        Func<string, VersionVariables, FileReading, IEnumerable<TextEdit>>? kind = name.ToUpperInvariant() switch
        {
            "PACKAGE.JSON" => NodePackage.Edits,
            "PACKAGE-LOCK.JSON" or "NPM-SHRINKWRAP.JSON" => NodePackage.LockEdits,
            "CHART.YAML" => HelmChart.Edits,
            _ when Path.GetExtension(name).ToUpperInvariant() is ".PROPS" or ".TARGETS" => MSBuildProject.Edits,
            _ when Path.GetExtension(name).EndsWith("proj", StringComparison.OrdinalIgnoreCase) => MSBuildProject.Edits,
            _ => null,
        };
        return kind is null
            ? Refused(path, text, new Problem($"Nobody knows where the version stands in {name}.", "Give a pattern: a regular expression with a group 'version'.", new SourceLocation(path)))
            : Planned(path, text, (x, reading) => kind(x, version, reading));
    }

    /// <summary>Writes the version where a pattern says.</summary>
    /// <param name="path">The file, as the user would type it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="pattern">Where the version stands.</param>
    /// <param name="version">The version.</param>
    public static VersionFileEdit Plan(string path, string text, VersionPattern pattern, VersionVariables version) =>
        Planned(path, text, (x, reading) => PatternPlaces.Edits(x, pattern, version, reading));

    static VersionFileEdit Planned(string path, string text, Func<string, FileReading, IEnumerable<TextEdit>> plan)
    {
        if (text.StartsWith(ByteOrderMark))
            return Planned(path, text[1..], plan) is var edit ? edit with { Before = text, After = ByteOrderMark + edit.After } : edit;
        var reading = new FileReading(path);
        var edits = plan(text, reading).ToList();
        return reading.Problems.Count == 0
            ? new VersionFileEdit(path, text, TextEdit.Apply(text, edits), [])
            : Refused(path, text, [.. reading.Problems]);
    }

    static VersionFileEdit Refused(string path, string text, params ImmutableArray<Problem> problems) => new(path, text, text, problems);
}
