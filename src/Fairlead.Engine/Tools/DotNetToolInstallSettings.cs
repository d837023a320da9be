using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet tool install</c>; without a place to install to, the tool manifest gets the tool.</summary>
public sealed record DotNetToolInstallSettings : DotNetSettings<DotNetToolInstallSettings>
{
    /// <summary>The package that contains the tool.</summary>
    public string? PackageName { get; init; }

    /// <summary>The version or range of versions; by default the latest.</summary>
    public string? Version { get; init; }

    /// <summary>Install for the user.</summary>
    public bool Global { get; init; }

    /// <summary>The directory to install to.</summary>
    public string? ToolInstallationPath { get; init; }

    /// <summary>Sources besides those that are configured.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>The package that contains the tool.</summary>
    public DotNetToolInstallSettings SetPackageName(string? value) => this with { PackageName = value };

    /// <summary>The version or range of versions.</summary>
    public override DotNetToolInstallSettings SetVersion(string? value) => this with { Version = value };

    /// <summary>Install for the user.</summary>
    public DotNetToolInstallSettings EnableGlobal() => SetGlobal(true);

    /// <summary>Whether to install for the user.</summary>
    public DotNetToolInstallSettings SetGlobal(bool value) => this with { Global = value };

    /// <summary>The directory to install to.</summary>
    public DotNetToolInstallSettings SetToolInstallationPath(string? value) => this with { ToolInstallationPath = value };

    /// <summary>Adds sources.</summary>
    public DotNetToolInstallSettings AddSources(params string[] values) => this with { Sources = Sources.AddRange(values) };

    private protected override IEnumerable<string> Verb => ["tool", "install"];

    private protected override IEnumerable<string> Arguments() =>
    [
        PackageName ?? "",
        .. Option("--version", Version),
        .. Flag("--global", Global),
        .. Option("--tool-path", ToolInstallationPath),
        .. Sources.SelectMany(x => Option("--add-source", x)),
    ];
}
