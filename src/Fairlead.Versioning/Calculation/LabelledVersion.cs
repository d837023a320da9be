using System.Globalization;

namespace Fairlead.Versioning;

/// <summary>
/// A version as GitVersion counts (reference/version-increments): a pre-release is a label and a number, the number of which is raised. Unlike
/// <see cref="SemanticVersion"/> it need not be valid: labels come from branch names.
/// </summary>
sealed record LabelledVersion(int Major, int Minor, int Patch, string Label = "", long? Number = null) : IComparable<LabelledVersion>
{
    public static LabelledVersion Zero { get; } = new(0, 0, 0);

    /// <summary>What a tag had after a plus sign. It belongs to the identity of a version, not to its order.</summary>
    public BuildMetadata? Metadata { get; init; }

    public bool IsPreRelease => Label.Length > 0 || Number is not null;

    /// <summary><c>beta.4</c>; empty for a release.</summary>
    public string PreRelease => (Label, Number) switch
    {
        (_, null) => Label,
        ("", { } number) => number.ToString(CultureInfo.InvariantCulture),
        (_, { } number) => string.Create(CultureInfo.InvariantCulture, $"{Label}.{number}"),
    };

    /// <summary>Whether a branch with this label may continue this version: releases always, pre-releases under their own label only.</summary>
    /// <param name="label">Null: every label.</param>
    public bool Continues(string? label) => !IsPreRelease || label is null || string.Equals(Label, label, StringComparison.OrdinalIgnoreCase);

    public int CompareTo(LabelledVersion? other)
    {
        if (other is null)
            return 1;
        var order = CompareCore(other);
        if (order != 0)
            return order;
        if (IsPreRelease != other.IsPreRelease)
            return IsPreRelease ? -1 : 1;
        order = string.Compare(Label, other.Label, StringComparison.OrdinalIgnoreCase);
        return order != 0 ? order : Nullable.Compare(Number, other.Number);
    }

    public static bool operator <(LabelledVersion one, LabelledVersion another) => one.CompareTo(another) < 0;

    public static bool operator >(LabelledVersion one, LabelledVersion another) => one.CompareTo(another) > 0;

    public static bool operator <=(LabelledVersion one, LabelledVersion another) => one.CompareTo(another) <= 0;

    public static bool operator >=(LabelledVersion one, LabelledVersion another) => one.CompareTo(another) >= 0;

    /// <summary>Compares the three numbers alone.</summary>
    public int CompareCore(LabelledVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>The next version.</summary>
    /// <param name="part">What to raise.</param>
    /// <param name="label">The label of the result; null keeps the one there is.</param>
    /// <param name="mode">What to do with a version that already is a pre-release.</param>
    /// <param name="atLeast">The numbers of the result are not below those of this version.</param>
    public LabelledVersion Increment(VersionPart part, string? label, IncrementMode mode = IncrementMode.Standard, LabelledVersion? atLeast = null)
    {
        var raised = part switch
        {
            VersionPart.None => null,
            _ when IsPreRelease && (mode == IncrementMode.Standard || (mode == IncrementMode.EnsureIntegrity && WasRaisedBy(part))) => null,
            VersionPart.Patch => this with { Patch = Patch + 1 },
            VersionPart.Minor => this with { Minor = Minor + 1, Patch = 0 },
            _ => this with { Major = Major + 1, Minor = 0, Patch = 0 },
        };
        var next = raised is null ? this with { Number = Number + 1 } : raised with { Number = Number is null ? null : 1 };
        if (atLeast is not null && next.CompareCore(atLeast) < 0)
        {
            next = next with { Major = atLeast.Major, Minor = atLeast.Minor, Patch = atLeast.Patch };
            if (part == VersionPart.None)
                next = next with { Number = 1 };
        }

        var current = IsPreRelease ? Label : "";
        return label is not null && label != current
            ? next with { Label = label, Number = 1 }
            : next with { Label = current, Number = IsPreRelease ? next.Number : 1 };
    }

    /// <summary><c>1.2.3-beta.4</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(IsPreRelease ? "-" : "")}{PreRelease}");

    bool WasRaisedBy(VersionPart part) => part switch
    {
        VersionPart.Patch => Patch != 0,
        VersionPart.Minor => Minor != 0 && Patch == 0,
        _ => Major != 0 && Minor == 0 && Patch == 0,
    };
}
