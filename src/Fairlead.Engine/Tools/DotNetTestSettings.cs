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
    /// <summary>A data collector, such as <c>XPlat Code Coverage</c>.</summary>
    public string? DataCollector { get; init; }

    /// <summary>Settings of the run, given behind the dashes.</summary>
    public ImmutableSortedDictionary<string, string> RunSettings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>A data collector, such as <c>XPlat Code Coverage</c>.</summary>
    public DotNetTestSettings SetDataCollector(string? value) => this with { DataCollector = value };

    /// <summary>Adds a setting of the run.</summary>
    public DotNetTestSettings AddRunSetting(string name, object value) => this with { RunSettings = RunSettings.SetItem(name, $"{value}") };

    /// <summary>Ends tests that hang, with a dump.</summary>
    public DotNetTestSettings EnableBlameHang() => AddProcessAdditionalArguments("--blame-hang");

    /// <summary>After which time a test hangs: <c>10m</c>.</summary>
    public DotNetTestSettings SetBlameHangTimeout(string value) => AddProcessAdditionalArguments("--blame-hang-timeout", value);

    /// <summary>Has coverlet.msbuild collect coverage.</summary>
    public DotNetTestSettings EnableCollectCoverage() => SetProperty("CollectCoverage", true);

    /// <summary>Where coverlet.msbuild writes.</summary>
    public DotNetTestSettings SetCoverletOutput(string value) => SetProperty("CoverletOutput", value);

    /// <summary>What coverlet.msbuild writes; one of <see cref="Engine.CoverletOutputFormat"/>.</summary>
    public DotNetTestSettings SetCoverletOutputFormat(string value) => SetProperty("CoverletOutputFormat", value);

    private protected override IEnumerable<string> Verb => ["test"];

    private protected override IEnumerable<string> Arguments() => [.. base.Arguments(), .. Flag("--no-build", NoBuild), .. Option("--filter", Filter), .. Option("--results-directory", ResultsDirectory), .. Option("--settings", Settings), .. Loggers.SelectMany(x => Option("--logger", x)), .. Option("--collect", DataCollector)];

    // The last of all arguments: what follows the dashes belongs to the run.
    private protected override IEnumerable<string> Trailing => RunSettings.IsEmpty ? [] : RunSettings.Select(x => $"{x.Key}={x.Value}").Prepend("--");
}
