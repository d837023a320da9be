namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet restore</c>.</summary>
public sealed record DotNetRestoreSettings : DotNetSettings<DotNetRestoreSettings>
{
    /// <summary>Fail when a lock file would change.</summary>
    public bool LockedMode { get; init; }

    /// <summary>Fail when a lock file would change.</summary>
    public DotNetRestoreSettings EnableLockedMode() => this with { LockedMode = true };

    /// <summary>Fail when a lock file would change.</summary>
    public DotNetRestoreSettings SetLockedMode(bool value) => this with { LockedMode = value };

    /// <summary>Treat sources that cannot be reached as warnings.</summary>
    public bool IgnoreFailedSources { get; init; }

    /// <summary>Treat sources that cannot be reached as warnings.</summary>
    public DotNetRestoreSettings EnableIgnoreFailedSources() => this with { IgnoreFailedSources = true };

    /// <summary>Treat sources that cannot be reached as warnings.</summary>
    public DotNetRestoreSettings SetIgnoreFailedSources(bool value) => this with { IgnoreFailedSources = value };
    /// <summary>Do not use the cache of the sources' answers.</summary>
    public DotNetRestoreSettings EnableNoCache() => AddProcessAdditionalArguments("--no-cache");

    /// <summary>A NuGet configuration file.</summary>
    public DotNetRestoreSettings SetConfigFile(string value) => AddProcessAdditionalArguments("--configfile", value);

    private protected override IEnumerable<string> Verb => ["restore"];

    private protected override IEnumerable<string> Arguments() => [.. base.Arguments(), .. Flag("--locked-mode", LockedMode), .. Flag("--ignore-failed-sources", IgnoreFailedSources)];
}
