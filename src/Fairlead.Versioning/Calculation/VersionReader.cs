namespace Fairlead.Versioning;

/// <summary>Reads the versions in the names of tags and branches, with <c>tag-prefix</c>, <c>semantic-version-format</c> and <c>version-in-branch-pattern</c>.</summary>
sealed class VersionReader
{
    const string UsualPrefix = "[vV]?";
    const int LongestNumber = 9;
    const int LongestPreReleaseNumber = 18;

    readonly bool _loose;
    readonly UserPattern? _prefix;
    readonly UserPattern _inBranch;

    public VersionReader(VersioningConfiguration configuration)
    {
        _loose = configuration.SemanticVersionFormat == SemanticVersionFormat.Loose;
        _prefix = configuration.TagPrefix == UsualPrefix ? null : new UserPattern("tag-prefix", $"^({configuration.TagPrefix})(?<version>.*)$");
        _inBranch = new UserPattern("version-in-branch-pattern", "^" + configuration.VersionInBranchPattern.TrimStart('^'));
    }

    /// <summary>The version that the name of a tag is, after its prefix; null when it is none.</summary>
    public LabelledVersion? ReadTag(string name)
    {
        if (_prefix is null)
            return Read(name.Length > 0 && name[0] is 'v' or 'V' ? name.AsSpan(1) : name);
        var match = _prefix.Match(name);
        return match.Success ? Read(match.Groups["version"].ValueSpan) : null;
    }

    /// <summary>
    /// The version in the name of a branch: the first part of the name, between slashes (or hyphens, when there is no slash), that begins with one.
    /// </summary>
    /// <param name="name">Short name without the name of a remote.</param>
    public (LabelledVersion Version, string? Suffix)? ReadBranch(string name)
    {
        var separator = name.Contains('/', StringComparison.Ordinal) || !name.Contains('-', StringComparison.Ordinal) ? '/' : '-';
        var at = 0;
        foreach (var part in name.Split(separator))
        {
            if (part.Length == 0)
                return null;
            var match = _inBranch.Match(part);
            if (match.Success && match.Groups["version"].Value is var text && ReadTag(text) is { } version)
            {
                var rest = name[Math.Min(name.Length, at + text.Length)..].Trim('-');
                return (version, rest.Length == 0 ? null : rest);
            }

            at += part.Length + 1;
        }

        return null;
    }

    LabelledVersion? Read(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
            return null;
        var plus = text.IndexOf('+');
        var metadata = plus < 0 ? default : text[(plus + 1)..];
        var rest = plus < 0 ? text : text[..plus];
        var dash = rest.IndexOf('-');
        var preRelease = dash < 0 ? default : rest[(dash + 1)..];
        var core = dash < 0 ? rest : rest[..dash];
        if (!_loose && ((plus >= 0 && !AreIdentifiers(metadata, numbersHaveNoZeros: false)) || (dash >= 0 && !AreIdentifiers(preRelease, numbersHaveNoZeros: true))))
            return null;

        Span<int> numbers = stackalloc int[4];
        var count = 0;
        foreach (var range in core.Split('.'))
        {
            if (count == numbers.Length || !TryNumber(core[range], out numbers[count++]))
                return null;
        }

        if (_loose ? count is 0 : count is not 3)
            return null;
        if (ReadPreRelease(preRelease) is not var (label, number))
            return null;
        var parsed = BuildMetadata.Parse(metadata.ToString());
        if (count == 4 && parsed?.Number is null)
            parsed = (parsed ?? new BuildMetadata(null, null, null)) with { Number = numbers[3] };
        return new LabelledVersion(numbers[0], numbers[1], numbers[2], label, number) { Metadata = parsed };
    }

    /// <summary>A pre-release ends with its number, which a dot may precede (<c>beta.4</c>, <c>beta4</c>), except after a hyphen, where digits belong to the label.</summary>
    static (string Label, long? Number)? ReadPreRelease(ReadOnlySpan<char> text)
    {
        var label = text.TrimEnd("0123456789");
        var digits = text[label.Length..];
        if (label.EndsWith('.'))
            label = label[..^1];
        if (label.EndsWith('-'))
            return (text.ToString(), null);
        if (digits.IsEmpty)
            return (label.ToString(), null);
        return digits.TrimStart('0').Length > LongestPreReleaseNumber ? null : (label.ToString(), long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
    }

    bool TryNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9') || (!_loose && text.Length > 1 && text[0] == '0'))
            return false;
        text = text.TrimStart('0');
        return text.IsEmpty || (text.Length <= LongestNumber && int.TryParse(text, out number));
    }

    static bool AreIdentifiers(ReadOnlySpan<char> text, bool numbersHaveNoZeros)
    {
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            var numeric = true;
            foreach (var c in part)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                    return false;
                numeric &= char.IsAsciiDigit(c);
            }

            if (part.IsEmpty || (numbersHaveNoZeros && numeric && part.Length > 1 && part[0] == '0'))
                return false;
        }

        return true;
    }
}
