using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>What exactly consent is asked for. An approval counts for the request that it was given for, and for no other.</summary>
public sealed record ApprovalRequest
{
    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Digest of the release.</summary>
    public required string Release { get; init; }

    /// <summary>Version of the release, for people.</summary>
    public required string Version { get; init; }

    /// <summary>Commit of the release.</summary>
    public required string Commit { get; init; }

    /// <summary>
    /// How many operations had ended in the environment. With the next one that ends, all approvals are used up: what was approved after a
    /// release cannot be played again after its rollback.
    /// </summary>
    public required long Round { get; init; }

    /// <summary>
    /// Digest of what is configured to run and to happen to the database; see <see cref="EnvironmentDigest"/>. Consent to a release is consent to how it runs. Null where that does not matter.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Configuration { get; init; }

    /// <summary>The rules that are to be bypassed, sorted; empty: none. An approval without them does not cover a deployment with them.</summary>
    public ImmutableArray<string> Bypassed { get; init; } = [];

    /// <summary>Why they are to be bypassed; null when none are.</summary>
    public string? BypassReason { get; init; }

    /// <summary>Compares by content.</summary>
    public bool Equals(ApprovalRequest? other) =>
        other is not null && Application == other.Application && Environment == other.Environment && Release == other.Release && Version == other.Version && Commit == other.Commit
        && Round == other.Round && Configuration == other.Configuration && Bypassed.SequenceEqual(other.Bypassed, StringComparer.Ordinal) && BypassReason == other.BypassReason;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Environment, Release, Round, BypassReason);
}
