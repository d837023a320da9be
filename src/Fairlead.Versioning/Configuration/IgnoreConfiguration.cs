using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>Commits that do not count (<c>ignore</c> in GitVersion.yml).</summary>
public sealed record IgnoreConfiguration
{
    /// <summary><c>sha</c>: ids, or beginnings of ids.</summary>
    public ImmutableArray<string> Commits { get; init; } = [];

    /// <summary><c>commits-before</c>: commits of this time or older do not count.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary><c>paths</c>: regular expressions; a commit that changes nothing but matching paths does not count.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>Whether every commit counts.</summary>
    public bool IsEmpty => Commits.IsEmpty && Before is null && Paths.IsEmpty;
}
