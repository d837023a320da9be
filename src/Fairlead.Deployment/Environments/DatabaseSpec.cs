using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>The database of an environment.</summary>
public sealed record DatabaseSpec
{
    /// <summary>Its name; null: nothing is said.</summary>
    public string? Name { get; init; }

    /// <summary>Program and arguments that bring it to the release's schema; empty: none.</summary>
    public ImmutableArray<string> Migrations { get; init; } = [];

    /// <summary>Program and arguments that make a copy before that; empty: none.</summary>
    public ImmutableArray<string> Backup { get; init; } = [];

    /// <summary>Program and arguments that bring the copy back; empty: none.</summary>
    public ImmutableArray<string> Restore { get; init; } = [];
}
