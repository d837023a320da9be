using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>A command line that was understood.</summary>
sealed record Invocation
{
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>The verb without its colon, and everything behind it.</summary>
    public string? Verb { get; init; }

    public ImmutableArray<string> VerbWords { get; init; } = [];

    public bool Help { get; init; }

    public bool List { get; init; }

    public bool Plan { get; init; }

    public bool Json { get; init; }

    public bool DryRun { get; init; }

    public bool SkipAll { get; init; }

    public ImmutableArray<string> Skip { get; init; } = [];

    /// <summary>Number of workers; null: as the build says.</summary>
    public int? Parallel { get; init; }

    public string? Root { get; init; }

    public ImmutableArray<string> Profiles { get; init; } = [];

    public Verbosity? Verbosity { get; init; }

    public bool NoLogo { get; init; }

    /// <summary>Values of the build's own parameters by normalised name.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Parameters { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
}
