using System.Globalization;

namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet</c> commands that build what they work on.</summary>
/// <typeparam name="TSelf">The settings themselves.</typeparam>
public abstract record DotNetBuildingSettings<TSelf> : DotNetSettings<TSelf>
    where TSelf : DotNetBuildingSettings<TSelf>
{
    /// <summary>Debug or Release.</summary>
    public string? Configuration { get; init; }

    /// <summary>One of the project's target frameworks.</summary>
    public string? Framework { get; init; }

    /// <summary>A runtime identifier.</summary>
    public string? Runtime { get; init; }

    /// <summary>Where the results go.</summary>
    public string? Output { get; init; }

    /// <summary>Do not restore.</summary>
    public bool NoRestore { get; init; }

    /// <summary>Debug or Release.</summary>
    public TSelf SetConfiguration(string? value) => (TSelf)(this with { Configuration = value });

    /// <summary>One of the project's target frameworks.</summary>
    public TSelf SetFramework(string? value) => (TSelf)(this with { Framework = value });

    /// <summary>A runtime identifier.</summary>
    public TSelf SetRuntime(string? value) => (TSelf)(this with { Runtime = value });

    /// <summary>Where the results go.</summary>
    public TSelf SetOutput(string? value) => (TSelf)(this with { Output = value });

    /// <summary>Where the results go.</summary>
    public TSelf SetOutputDirectory(string? value) => SetOutput(value);

    /// <summary>Do not restore.</summary>
    public TSelf EnableNoRestore() => SetNoRestore(true);

    /// <summary>Whether not to restore.</summary>
    public TSelf SetNoRestore(bool value) => (TSelf)(this with { NoRestore = value });

    /// <summary>The part of the version behind the dash.</summary>
    public TSelf SetVersionSuffix(string? value) => value is null ? (TSelf)this : SetProperty("VersionSuffix", value);

    /// <summary>MSBuild's warning level, from 0.</summary>
    public TSelf SetWarningLevel(int value) => SetProperty("WarningLevel", value);

    /// <summary>Whether a warning fails the build.</summary>
    public TSelf SetTreatWarningsAsErrors(bool value) => SetProperty("TreatWarningsAsErrors", value);

    /// <summary>A warning fails the build.</summary>
    public TSelf EnableTreatWarningsAsErrors() => SetTreatWarningsAsErrors(true);

    /// <summary>Warnings to leave out, such as <c>CS1591</c>, besides those that were named before. A project's own list is replaced.</summary>
    public TSelf AddNoWarns(params string[] values) =>
        SetProperty("NoWarn", string.Join(';', Properties.TryGetValue("NoWarn", out var before) ? [before, .. values] : values));

    /// <summary>Numbers of the compiler's warnings to leave out, besides those that were named before. A project's own list is replaced.</summary>
    public TSelf AddNoWarns(params int[] values) => AddNoWarns([.. values.Select(x => x.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>The format of symbol packages; one of <see cref="DotNetSymbolPackageFormat"/>.</summary>
    public TSelf SetSymbolPackageFormat(string? value) => value is null ? (TSelf)this : SetProperty("SymbolPackageFormat", value);

    /// <summary>The package's release notes.</summary>
    public TSelf SetPackageReleaseNotes(string? value) => value is null ? (TSelf)this : SetProperty("PackageReleaseNotes", value);

    /// <summary>The package's description.</summary>
    public TSelf SetDescription(string? value) => value is null ? (TSelf)this : SetProperty("Description", value);

    /// <summary>The package's authors.</summary>
    public TSelf SetAuthors(params string[] values) => SetProperty("Authors", string.Join(';', values));

    /// <summary>Writes a binary log of the build.</summary>
    public TSelf SetBinaryLog(string file) => AddProcessAdditionalArguments($"-bl:{file}");

    /// <summary>There is no logo to leave out: every command runs without one.</summary>
    public TSelf EnableNoLogo() => (TSelf)this;

    private protected override IEnumerable<string> Arguments() =>
    [
        .. base.Arguments(),
        .. Option("--configuration", Configuration),
        .. Option("--framework", Framework),
        .. Option("--runtime", Runtime),
        .. Option("--output", Output),
        .. Flag("--no-restore", NoRestore),
    ];
}
