using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>One leaf of the audit log: something that happened, and who did it.</summary>
public sealed record AuditRecord
{
    /// <summary>The version of this document's schema.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version of this document's schema.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>
    /// Names the record: environment and number of the journal's entry, <c>staging/12</c>; where an entry gives several records <c>staging/12.1</c>. When the journal of an
    /// environment was begun anew, <c>staging/12~2</c>.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="AuditKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it happened, in UTC, as the journal says.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, as one sentence.</summary>
    public required string What { get; init; }

    /// <summary>Who: <c>user@host</c>; null where nobody is to be named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    /// <summary>The release that it is about; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuditRelease? Release { get; init; }

    /// <summary>What else there is to know, by name: a verdict's outcome, an approval's statement and signature.</summary>
    public ImmutableSortedDictionary<string, string> Details { get; init => field = value.WithComparers(StringComparer.Ordinal); } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The environment, out of <see cref="Id"/>.</summary>
    [JsonIgnore]
    public string Environment => EnvironmentOf(Id);

    /// <summary>Whether an environment can have this name: the rule of the environments file. Anything else in a log was put there by somebody else, and must name no directory or ref.</summary>
    internal static bool CanBeEnvironment(string name) =>
        name.Length is > 0 and <= 63 && char.IsAsciiLetterLower(name[0]) && name.All(x => char.IsAsciiLetterLower(x) || char.IsAsciiDigit(x) || x == '-');

    internal static string EnvironmentOf(string id) => id[..Math.Max(id.IndexOf('/', StringComparison.Ordinal), 0)];
}
