using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>What the user wants to run.</summary>
/// <param name="Invoked">Names of targets, as typed.</param>
public sealed record PlanRequest(ImmutableArray<string> Invoked)
{
    /// <summary>Names of targets to leave out; empty with <see cref="SkipAll"/>: none but the invoked ones run.</summary>
    public ImmutableArray<string> Skip { get; init; } = [];

    /// <summary><c>--skip</c> without names: only the invoked targets run.</summary>
    public bool SkipAll { get; init; }

    /// <summary>Targets that a static condition leaves out, with the reason.</summary>
    public ImmutableDictionary<string, string> ConditionallySkipped { get; init; } = ImmutableDictionary<string, string>.Empty;
}
