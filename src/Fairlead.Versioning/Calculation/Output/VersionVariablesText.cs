using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fairlead.Versioning;

/// <summary>The version variables for people and for other programs, as GitVersion writes them.</summary>
public static class VersionVariablesText
{
    // GitVersion leaves letters of all languages as they are, too.
    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The names of all variables, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Values(null).Select(x => x.Name)];

    /// <summary>One line for each variable: its name and its value.</summary>
    public static string ToText(VersionVariables variables)
    {
        var width = Names.Max(x => x.Length);
        return string.Concat(Values(variables).Select(x => $"{x.Name.PadRight(width)}  {Text(x.Value)}".TrimEnd() + "\n"));
    }

    /// <summary>What <c>gitversion /output json</c> writes: numbers as numbers, numbers that are not there as null, texts that are not there as empty ones.</summary>
    public static string ToJson(VersionVariables variables)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in Values(variables))
            {
                writer.WritePropertyName(name);
                if (value is null)
                    writer.WriteNullValue();
                else if (value is string text)
                    writer.WriteStringValue(text);
                else
                    writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>
    /// What <c>gitversion /output dotenv</c> writes: <c>GitVersion_SemVer='1.2.3'</c>, one line for each variable. A shell that reads the lines takes
    /// every value literally, whatever is in the name of a branch.
    /// </summary>
    public static string ToDotEnv(VersionVariables variables) =>
        string.Concat(Values(variables).Select(x => $"GitVersion_{x.Name}='{Text(x.Value).Replace("'", @"'\''", StringComparison.Ordinal)}'\n"));

    /// <summary>The value of a variable as text, empty when it has none; null when there is no such variable. Case does not matter.</summary>
    public static string? Find(VersionVariables variables, string name) =>
        Values(variables).FirstOrDefault(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? Text(found.Value) : null;

    static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    static (string Name, object? Value)[] Values(VersionVariables? x) =>
    [
        (nameof(x.AssemblySemFileVer), x?.AssemblySemFileVer ?? ""),
        (nameof(x.AssemblySemVer), x?.AssemblySemVer ?? ""),
        (nameof(x.BranchName), x?.BranchName),
        (nameof(x.BuildMetaData), x?.BuildMetaData),
        (nameof(x.CommitDate), x?.CommitDate),
        (nameof(x.CommitsSinceVersionSource), x?.CommitsSinceVersionSource),
        (nameof(x.EscapedBranchName), x?.EscapedBranchName),
        (nameof(x.FullBuildMetaData), x?.FullBuildMetaData),
        (nameof(x.FullSemVer), x?.FullSemVer),
        (nameof(x.InformationalVersion), x?.InformationalVersion),
        (nameof(x.Major), x?.Major),
        (nameof(x.MajorMinorPatch), x?.MajorMinorPatch),
        (nameof(x.Minor), x?.Minor),
        (nameof(x.Patch), x?.Patch),
        (nameof(x.PreReleaseLabel), x?.PreReleaseLabel),
        (nameof(x.PreReleaseLabelWithDash), x?.PreReleaseLabelWithDash),
        (nameof(x.PreReleaseNumber), x?.PreReleaseNumber),
        (nameof(x.PreReleaseTag), x?.PreReleaseTag),
        (nameof(x.PreReleaseTagWithDash), x?.PreReleaseTagWithDash),
        (nameof(x.SemVer), x?.SemVer),
        (nameof(x.Sha), x?.Sha),
        (nameof(x.ShortSha), x?.ShortSha),
        (nameof(x.UncommittedChanges), x?.UncommittedChanges),
        (nameof(x.VersionSourceDistance), x?.VersionSourceDistance),
        (nameof(x.VersionSourceIncrement), x?.VersionSourceIncrement),
        (nameof(x.VersionSourceSemVer), x?.VersionSourceSemVer),
        (nameof(x.VersionSourceSha), x?.VersionSourceSha),
        (nameof(x.WeightedPreReleaseNumber), x?.WeightedPreReleaseNumber),
    ];
}
