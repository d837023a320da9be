using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Fairlead.Versioning;

/// <summary>
/// A version as Semantic Versioning 2.0.0 defines it. Order and equality are those of precedence (section 11): build metadata
/// counts for neither.
/// </summary>
public sealed class SemanticVersion : IComparable<SemanticVersion>, IEquatable<SemanticVersion>
{
    const int LongestNumber = 9;

    /// <param name="major">Incompatible changes.</param>
    /// <param name="minor">New functionality.</param>
    /// <param name="patch">Corrections.</param>
    /// <param name="preRelease">Dot-separated identifiers without the hyphen; empty for a release.</param>
    /// <param name="metadata">Dot-separated identifiers without the plus sign; empty for none.</param>
    /// <exception cref="ArgumentException">A part is not what the specification allows.</exception>
    public SemanticVersion(int major, int minor, int patch, string preRelease = "", string metadata = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(major);
        ArgumentOutOfRangeException.ThrowIfNegative(minor);
        ArgumentOutOfRangeException.ThrowIfNegative(patch);
        if (preRelease.Length > 0 && !preRelease.Split('.').All(IsPreReleaseIdentifier))
            throw new ArgumentException($"'{preRelease}' is not a pre-release of a semantic version.", nameof(preRelease));
        if (metadata.Length > 0 && !metadata.Split('.').All(IsIdentifier))
            throw new ArgumentException($"'{metadata}' is not build metadata of a semantic version.", nameof(metadata));
        (Major, Minor, Patch, PreRelease, Metadata) = (major, minor, patch, preRelease, metadata);
    }

    /// <summary>The first number.</summary>
    public int Major { get; }

    /// <summary>The second number.</summary>
    public int Minor { get; }

    /// <summary>The third number.</summary>
    public int Patch { get; }

    /// <summary>The pre-release identifiers (<c>beta.2</c>), or an empty text for a release.</summary>
    public string PreRelease { get; }

    /// <summary>The build metadata, or an empty text.</summary>
    public string Metadata { get; }

    /// <summary>Whether this comes before its release.</summary>
    public bool IsPreRelease => PreRelease.Length > 0;

    /// <summary>The three numbers alone.</summary>
    public SemanticVersion Core => new(Major, Minor, Patch);

    /// <summary>The same version with another pre-release and without metadata.</summary>
    public SemanticVersion WithPreRelease(string preRelease) => new(Major, Minor, Patch, preRelease);

    /// <summary>Reads a version, strictly: three numbers of at most nine digits without leading zeros, no prefix, no surrounding space.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        if (text is null)
            return false;

        var (rest, metadata) = Cut(text, '+');
        var (core, preRelease) = Cut(rest, '-');
        var numbers = core.Split('.');
        if (numbers.Length != 3 || metadata?.Split('.').All(IsIdentifier) == false || preRelease?.Split('.').All(IsPreReleaseIdentifier) == false)
            return false;
        if (!TryNumber(numbers[0], out var major) || !TryNumber(numbers[1], out var minor) || !TryNumber(numbers[2], out var patch))
            return false;
        version = new SemanticVersion(major, minor, patch, preRelease ?? "", metadata ?? "");
        return true;
    }

    /// <summary>Reads a version; see <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is not a semantic version.</exception>
    public static SemanticVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"'{text}' is not a semantic version (1.2.3, 1.2.3-beta.1).");

    /// <inheritdoc/>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
            return 1;
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0 || PreRelease == other.PreRelease)
            return order;
        if (!IsPreRelease || !other.IsPreRelease)
            return IsPreRelease ? -1 : 1;

        var mine = PreRelease.Split('.');
        var theirs = other.PreRelease.Split('.');
        for (var i = 0; i < Math.Min(mine.Length, theirs.Length); i++)
        {
            order = CompareIdentifiers(mine[i], theirs[i]);
            if (order != 0)
                return order;
        }

        return mine.Length.CompareTo(theirs.Length);
    }

    /// <inheritdoc/>
    public bool Equals(SemanticVersion? other) => other is not null && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SemanticVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, PreRelease);

    /// <summary>Whether both have the same precedence.</summary>
    public static bool operator ==(SemanticVersion? left, SemanticVersion? right) => Equals(left, right);

    /// <summary>Whether the precedence differs.</summary>
    public static bool operator !=(SemanticVersion? left, SemanticVersion? right) => !Equals(left, right);

    /// <summary>Lower precedence.</summary>
    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    /// <summary>Higher precedence.</summary>
    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    /// <summary>Lower or equal precedence.</summary>
    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Higher or equal precedence.</summary>
    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    /// <summary>The version as text, without a prefix.</summary>
    public override string ToString() =>
        $"{Major}.{Minor}.{Patch}{(IsPreRelease ? "-" : "")}{PreRelease}{(Metadata.Length > 0 ? "+" : "")}{Metadata}";

    static (string Before, string? After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    static int CompareIdentifiers(string a, string b)
    {
        var numeric = (IsNumeric(a), IsNumeric(b));
        // Without leading zeros the longer number is the larger one, however long it is.
        return numeric switch
        {
            (true, true) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(a, b),
        };
    }

    // The limit leaves room to raise any version that was read.
    static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text.Length <= LongestNumber && (text.Length == 1 || text[0] != '0');

    static bool IsNumeric(string text) => text.All(char.IsAsciiDigit);

    static bool IsIdentifier(string text) => text.Length > 0 && text.All(x => char.IsAsciiLetterOrDigit(x) || x == '-');

    static bool IsPreReleaseIdentifier(string text) => IsIdentifier(text) && (!IsNumeric(text) || text.Length == 1 || text[0] != '0');
}
