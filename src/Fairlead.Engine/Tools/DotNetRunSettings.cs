using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet run</c>.</summary>
public sealed record DotNetRunSettings : DotNetBuildingSettings<DotNetRunSettings>
{
    /// <summary>Do not build, and do not restore.</summary>
    public bool NoBuild { get; init; }

    /// <summary>Arguments of the program itself.</summary>
    public ImmutableArray<string> ApplicationArguments { get; init; } = [];

    /// <summary>Do not build, and do not restore.</summary>
    public DotNetRunSettings EnableNoBuild() => this with { NoBuild = true };

    /// <summary>Whether not to build.</summary>
    public DotNetRunSettings SetNoBuild(bool value) => this with { NoBuild = value };

    /// <summary>Arguments of the program itself, one element each.</summary>
    public DotNetRunSettings SetApplicationArguments(params string[] values) => this with { ApplicationArguments = [.. values] };

    private protected override IEnumerable<string> Verb => ["run"];

    // 'run' takes its project as an option.
    private protected override IEnumerable<string> Arguments() =>
    [
        .. Option("--project", ProjectFile),
        .. (this with { ProjectFile = null }).BaseArguments(),
        .. Flag("--no-build", NoBuild),
    ];

    private protected override IEnumerable<string> Trailing => ApplicationArguments.IsEmpty ? [] : ApplicationArguments.Insert(0, "--");

    IEnumerable<string> BaseArguments() => base.Arguments();
}
