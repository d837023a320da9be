using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet test</c>.</summary>
public sealed record DotNetTestSettings : DotNetBuildingSettings<DotNetTestSettings>
{
    /// <summary>Do not build, and do not restore.</summary>
    public bool NoBuild { get; init; }

    /// <summary>Do not build, and do not restore.</summary>
    public DotNetTestSettings EnableNoBuild() => this with { NoBuild = true };

    /// <summary>Do not build, and do not restore.</summary>
    public DotNetTestSettings SetNoBuild(bool value) => this with { NoBuild = value };

    /// <summary>Only tests that match this expression.</summary>
    public string? Filter { get; init; }

    /// <summary>Only tests that match this expression.</summary>
    public DotNetTestSettings SetFilter(string? value) => this with { Filter = value };

    /// <summary>Where results are written.</summary>
    public string? ResultsDirectory { get; init; }

    /// <summary>Where results are written.</summary>
    public DotNetTestSettings SetResultsDirectory(string? value) => this with { ResultsDirectory = value };

    /// <summary>A .runsettings file.</summary>
    public string? Settings { get; init; }

    /// <summary>A .runsettings file.</summary>
    public DotNetTestSettings SetSettings(string? value) => this with { Settings = value };

    /// <summary>Loggers, such as <c>trx</c>.</summary>
    public ImmutableArray<string> Loggers { get; init; } = [];

    /// <summary>Adds loggers, such as <c>trx</c>.</summary>
    public DotNetTestSettings AddLoggers(params string[] values) => this with { Loggers = Loggers.AddRange(values) };

    /// <summary>Uses one logger, such as <c>trx</c>.</summary>
    public DotNetTestSettings SetLoggers(params string[] values) => this with { Loggers = [.. values] };
    private protected override IEnumerable<string> Verb => ["test"];

    private protected override IEnumerable<string> Arguments() => [.. base.Arguments(), .. Flag("--no-build", NoBuild), .. Option("--filter", Filter), .. Option("--results-directory", ResultsDirectory), .. Option("--settings", Settings), .. Loggers.SelectMany(x => Option("--logger", x))];
}
