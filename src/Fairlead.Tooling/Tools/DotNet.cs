using System.Collections.Immutable;

namespace Fairlead.Tooling;

/// <summary>
/// Builds command lines of the .NET CLI and runs nothing. Every command is without logo, prompt, telemetry and
/// lasting server processes: a build must leave nothing behind.
/// </summary>
public static class DotNet
{
    static readonly ImmutableSortedDictionary<string, string?> Environment = ImmutableSortedDictionary.CreateRange<string, string?>(
        StringComparer.Ordinal,
        [
            new("DOTNET_NOLOGO", "1"),
            new("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            new("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
            new("MSBUILDDISABLENODEREUSE", "1"),
            // MSBuild takes variables as properties: no compiler server stays behind.
            new("UseSharedCompilation", "false"),
        ]);

    /// <summary>Any <c>dotnet</c> command.</summary>
    public static ToolCommand Command(params IEnumerable<string> arguments) =>
        new("dotnet", [.. arguments]) { Environment = Environment };

    /// <summary><c>dotnet restore</c>.</summary>
    /// <param name="project">Project or solution.</param>
    /// <param name="locked">Fail when a lock file would change.</param>
    public static ToolCommand Restore(AbsolutePath project, bool locked = false) =>
        Command(["restore", project, .. Flag(locked, "--locked-mode")]);

    /// <summary><c>dotnet build</c>.</summary>
    /// <param name="project">Project or solution.</param>
    /// <param name="configuration">Debug or Release.</param>
    /// <param name="restore">Whether to restore first.</param>
    /// <param name="properties">MSBuild properties.</param>
    public static ToolCommand Build(AbsolutePath project, string configuration, bool restore = true, IReadOnlyDictionary<string, string>? properties = null) =>
        Command(["build", project, "-c", configuration, .. Flag(!restore, "--no-restore"), .. Properties(properties)]);

    /// <summary><c>dotnet publish</c>.</summary>
    /// <param name="project">The project.</param>
    /// <param name="configuration">Debug or Release.</param>
    /// <param name="output">The directory that receives the files.</param>
    /// <param name="properties">MSBuild properties.</param>
    /// <param name="restore">Whether to restore first.</param>
    public static ToolCommand Publish(
        AbsolutePath project, string configuration, AbsolutePath output, IReadOnlyDictionary<string, string>? properties = null, bool restore = true) =>
        Command(["publish", project, "-c", configuration, "-o", output, .. Flag(!restore, "--no-restore"), .. Properties(properties)]);

    /// <summary>The properties as <c>-p:Name=value</c>, values escaped as MSBuild wants them.</summary>
    public static IEnumerable<string> Properties(IReadOnlyDictionary<string, string>? properties) =>
        (properties ?? ImmutableSortedDictionary<string, string>.Empty)
            .OrderBy(x => x.Key, StringComparer.Ordinal)
            .Select(x => $"-p:{x.Key}={EscapeProperty(x.Value)}");

    /// <summary>A property value with the characters escaped that MSBuild treats specially on its command line.</summary>
    public static string EscapeProperty(string value) => string.Concat(value.Select(x => x switch
    {
        '%' or '*' or '?' or '@' or '$' or '(' or ')' or ';' or '\'' or ',' or '"' => $"%{(int)x:X2}",
        _ => x.ToString(),
    }));

    static IEnumerable<string> Flag(bool condition, string flag) => condition ? [flag] : [];
}
